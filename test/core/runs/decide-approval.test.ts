import { describe, test } from 'vitest';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  eve,
  fails,
  minutes,
  nightly,
  noon,
  onePm,
  says,
  starts,
  system,
  time,
  vanishes,
  w1,
  withApproval,
} from '../../cast.ts';
import { given, past, runAfter } from '../../given.ts';

const half = noon + minutes(30);

describe('approving a run', () => {
  const asked = past(asks());
  test('the deciding vote on a light run carries the dispatch with it', () =>
    given(...asked)
      .when(says.yes(bob))
      .then(
        { type: 'RunApproved', actor: 'user:dev:bob', payload: { epoch: 1, startBy: half } },
        { type: 'ExecutionDispatched', actor: 'system', payload: { epoch: 1, attempt: 1, notBefore: noon } },
      ));
  test('on a heavy run it starts nothing', () =>
    given(...past(asks(dbMigrate), says.yes(bob)))
      .when(says.yes(cho))
      .then('RunApproved'));
  test('a vote short of the quorum is recorded and the run goes on waiting', () => {
    const when = given(...past(asks(dbMigrate))).when(says.yes(bob));
    when.then({ type: 'ApprovalRecorded', payload: { vote: { personId: 'bob', roles: ['approver'] } } });
    when.thenRun({ status: 'AwaitingApproval', votes: [{ personId: 'bob' }] });
  });
  test('one person counts once', () =>
    given(...past(asks(dbMigrate), says.yes(bob)))
      .when(says.yes(bob, noon + 1))
      .thenRefused('already_voted', { votedAt: noon }));
  test('the same person from another address counts once', () =>
    given(...past(asks(dbMigrate), says.yes(bob)))
      .when({ type: 'approve', by: by(bob, 'telegram:7'), at: noon })
      .thenRefused('already_voted'));
  test('whoever asked cannot approve', () =>
    given(...asked)
      .when(says.yes(ana))
      .thenRefused('requester_cannot_approve'));
  test('unless self-approval was settled at the request', () =>
    given(...past(asks(backup, { selfApproval: true })))
      .when(says.yes(ana))
      .then('RunApproved', 'ExecutionDispatched'));
  test('a person without the right cannot approve', () =>
    given(...asked)
      .when(says.yes(eve))
      .thenRefused('may_not_decide'));
  test.each([
    ['a schedule', nightly],
    ['a worker', w1],
    ['the system', system],
  ])('%s can ask at most, never decide', (_who, actor) => {
    const waiting = given(...asked);
    waiting.when({ type: 'approve', by: actor, at: noon }).thenRefused('only_people_decide');
    waiting.when({ type: 'deny', by: actor, at: noon }).thenRefused('only_people_decide');
  });
  test('a heavy run is not approved by SMS, but denied', () => {
    const waiting = given(...past(asks(dbMigrate)));
    const sms = by(bob, 'sms:+491701234567');
    waiting.when({ type: 'approve', by: sms, at: noon }).thenRefused('heavy_not_by_sms');
    waiting.when({ type: 'deny', by: sms, at: noon }).then('RunDenied');
  });
  test('a light one is approved by SMS', () =>
    given(...asked)
      .when({ type: 'approve', by: by(bob, 'sms:+491701234567'), at: noon })
      .then('RunApproved', 'ExecutionDispatched'));
  test('a second yes after the decision changes nothing', () =>
    given(...past(asks(), says.yes(bob)))
      .when(says.yes(cho))
      .thenRefused('already_decided', { status: 'Dispatching' }));
  test('a job that names nobody can be approved by nobody', () =>
    given(...past(asks(withApproval(backup, { approvers: [] }))))
      .when(says.yes(bob))
      .thenRefused('may_not_decide'));
});

describe('an answer to an earlier question', () => {
  const first = runAfter(asks());
  const again = past(asks(), says.cancel(ana), says.recover(ana, false, noon + minutes(5)));
  const later = noon + minutes(6);
  const shown = { epoch: first.epoch, digest: first.digest };
  test('a button of the epoch before does nothing, whatever it says', () => {
    for (const command of [says.yes(bob, later), says.no(bob, later), says.cancel(ana, later)]) {
      given(...again)
        .when({ ...command, shown })
        .thenRefused('out_of_date');
    }
    given(...again)
      .when(says.resume(ana, { shown }))
      .thenRefused('out_of_date');
    given(...past(asks(), says.yes(bob), starts(), fails()))
      .when({ ...says.recover(ana), shown: { ...shown, digest: 'another' } })
      .thenRefused('out_of_date');
  });
  test('a button of this epoch counts', () =>
    given(...past(asks()))
      .when({ ...says.yes(bob), shown })
      .then('RunApproved', 'ExecutionDispatched'));
  test('a yes that was written before does not count, and one of the same second does', () => {
    const asked = noon + minutes(5);
    given(...again)
      .when({ ...says.yes(bob, later), wroteAt: asked - 1000 })
      .thenRefused('wrote_before');
    given(...again)
      .when({ ...says.yes(bob, later), wroteAt: asked - 999 })
      .then('RunApproved', 'ExecutionDispatched');
  });
});

describe('roles that must be covered', () => {
  const both = withApproval(backup, {
    needs: [
      { role: 'dba', count: 1 },
      { role: 'lead', count: 1 },
    ],
  });
  const dan = { ...bob, id: 'dan', roles: ['dba'] };
  const liv = { ...bob, id: 'liv', roles: ['lead'] };
  const max = { ...bob, id: 'max', roles: ['dba', 'lead'] };
  test('all of them, not one of them', () => {
    given(...past(asks(both)))
      .when(says.yes(dan))
      .then('ApprovalRecorded');
    given(...past(asks(both), says.yes(dan)))
      .when(says.yes(liv))
      .then('RunApproved', 'ExecutionDispatched');
  });
  test('somebody with two roles covers one of them', () =>
    given(...past(asks(both)))
      .when(says.yes(max))
      .then('ApprovalRecorded'));
  test('whichever of the two is left', () => {
    given(...past(asks(both), says.yes(max)))
      .when(says.yes(dan))
      .then('RunApproved', 'ExecutionDispatched');
    given(...past(asks(both), says.yes(max)))
      .when(says.yes(liv))
      .then('RunApproved', 'ExecutionDispatched');
  });
  test('enough people of the wrong roles are not enough', () =>
    given(...past(asks(both), says.yes(bob)))
      .when(says.yes(cho))
      .then('ApprovalRecorded'));
});

describe('denying a run', () => {
  test('one no ends it, with its reason', () =>
    given(...past(asks(dbMigrate), says.yes(bob)))
      .when(says.no(cho, noon, 'freeze until Monday'))
      .then({ type: 'RunDenied', actor: 'user:dev:cho', payload: { reason: 'freeze until Monday' } }));
  test('a reason is not needed, and whoever asked may say no as well', () =>
    given(...past(asks()))
      .when(says.no(ana))
      .thenRun({ status: 'Denied', by: 'Ana' }));
  test('a person without the right cannot deny', () =>
    given(...past(asks()))
      .when(says.no(eve))
      .thenRefused('may_not_decide'));
  test('a no after the decision changes nothing', () =>
    given(...past(asks(), says.yes(bob)))
      .when(says.no(cho))
      .thenRefused('already_decided'));
  test('no to a lost run ends it as failed', () => {
    const lost = past(asks(), says.yes(bob), starts(), vanishes(1, noon + minutes(1)));
    const when = given(...lost).when(says.no(cho, noon + minutes(2)));
    when.then({ type: 'ExecutionFailed', actor: 'user:dev:cho', payload: { reason: 'lost', attempt: 1 } });
    when.thenRun({ status: 'Failed', reason: 'lost', tookMs: minutes(2) });
  });
  test('even where the history does not say when it ran', () => {
    const [created, asked] = past(asks());
    if (created === undefined || asked?.type !== 'ApprovalRequested') throw new Error('no request');
    given(created, { ...asked, payload: { ...asked.payload, because: 'lost' } })
      .when(says.no(cho))
      .then({ type: 'ExecutionFailed', payload: { reason: 'lost', attempt: 0, tookMs: 0 } });
  });
});

describe('the clock decide-by', () => {
  const asked = past(asks());
  test('an answer at the last moment counts', () =>
    given(...asked)
      .when(says.yes(bob, half))
      .then('RunApproved', 'ExecutionDispatched'));
  test('a late yes closes the run, and so does a late no', () => {
    const closed = { type: 'ApprovalTimedOut', actor: 'system', payload: { clock: 'decide-by' } } as const;
    given(...asked)
      .when(says.yes(bob, half + 1))
      .then(closed);
    given(...asked)
      .when(says.no(bob, onePm))
      .then(closed);
  });
  test('time closes it, not a moment too early', () => {
    given(...asked)
      .when(time(half))
      .thenRefused('not_due');
    given(...asked)
      .when(time(half + 1))
      .then('ApprovalTimedOut');
    given(...asked)
      .when(time(half + 1))
      .thenRun({ status: 'Expired', clock: 'decide-by', waitedMs: minutes(30) + 1 });
  });
  test('only the system looks at the clock', () =>
    given(...asked)
      .when({ type: 'expire', by: by(bob), at: onePm })
      .thenRefused('not_due'));
});
