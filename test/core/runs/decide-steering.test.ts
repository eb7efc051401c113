import { describe, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
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
  green,
  minutes,
  nightly,
  noon,
  onePm,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
  w1,
  withApproval,
} from '../../cast.ts';
import { given, past } from '../../given.ts';

const half = noon + minutes(30);
const approved = past(asks(dbMigrate), says.yes(bob), says.yes(cho));
const dispatched = past(asks(dbMigrate), says.yes(bob), says.yes(cho), says.resume(ana));
const start = starts(dbMigrate);
const running = past(asks(dbMigrate), says.yes(bob), says.yes(cho), says.resume(ana), start);

describe('starting a heavy run', () => {
  test('takes a person who resumes it', () => {
    const when = given(...approved).when(says.resume(ana));
    when.then(
      { type: 'RunResumed', actor: 'user:dev:ana', payload: { epoch: 1, name: 'Ana' } },
      { type: 'ExecutionDispatched', payload: { epoch: 1, attempt: 1 } },
    );
    when.thenRun({ status: 'Dispatching', resumedBy: 'Ana', startBy: half });
  });
  test('not before its approval', () =>
    given(...past(asks(dbMigrate), says.yes(bob)))
      .when(says.resume(ana))
      .thenRefused('not_approved_yet'));
  test('a second resume starts nothing', () => {
    given(...dispatched)
      .when(says.resume(ana))
      .thenRefused('already_started', { status: 'Dispatching' });
    given(...running)
      .when(says.resume(ana))
      .thenRefused('already_started', { status: 'Running' });
  });
  test('a light run starts by itself', () =>
    given(...past(asks()))
      .when(says.resume(ana))
      .thenRefused('not_heavy'));
  test('lists every gate instead of starting while one is shut', () => {
    const gates = [{ name: 'freeze', met: false, words: 'freeze ON' }, ...green.slice(1)] as const;
    given(...approved)
      .when(says.resume(ana, { gates }))
      .thenRefused('gates_unmet', { gates });
  });
  test('too late, it closes the run', () =>
    given(...approved)
      .when(says.resume(ana, { at: half + 1 }))
      .then({ type: 'ApprovalTimedOut', payload: { clock: 'start-by', since: noon } }));
  test('a voter who lost the right voids the approval, and people are asked again', () => {
    const when = given(...approved).when(says.resume(ana, { entitled: ['bob'] }));
    when.then(
      { type: 'ApprovalVoided', payload: { epoch: 1, reason: 'votes' } },
      { type: 'ApprovalRequested', payload: { epoch: 2, because: 'voided' } },
    );
    when.thenRun({ status: 'AwaitingApproval', votes: [], epoch: 2 });
  });
  test('only somebody who may ask or decide', () => {
    given(...approved)
      .when(says.resume(eve))
      .thenRefused('may_not_steer');
    given(...approved)
      .when({ type: 'resume', by: nightly, gates: green, entitled: ['bob', 'cho'], at: noon })
      .thenRefused('only_people_decide');
  });
  test('a run that is over does not start', () =>
    given(...past(asks(dbMigrate), says.no(bob)))
      .when(says.resume(ana))
      .thenRefused('already_over', { status: 'Denied' }));
});

describe('the clock start-by', () => {
  test('ends an approved run that nobody started', () => {
    given(...approved)
      .when(time(half))
      .thenRefused('not_due');
    given(...approved)
      .when(time(half + 1))
      .thenRun({ status: 'Expired', clock: 'start-by', waitedMs: minutes(30) + 1 });
  });
  test('ends a dispatched run that no worker started', () => {
    given(...dispatched)
      .when(time(half + 1))
      .then({ type: 'ApprovalTimedOut', payload: { clock: 'start-by', since: noon } });
    given(...dispatched)
      .when(starts(dbMigrate, { at: half + 1 }))
      .then({ type: 'ApprovalTimedOut', payload: { clock: 'start-by' } });
  });
  test('bounds only the first start of an epoch', () => {
    const retrying = past(asks(report), says.yes(bob), starts(report), fails());
    given(...retrying)
      .when(time(onePm))
      .thenRefused('not_due');
    given(...retrying)
      .when(starts(report, { attempt: 2, fence: 2, at: onePm }))
      .then('ExecutionStarted');
  });
  test('stops ticking once the run started', () =>
    given(...running)
      .when(time(onePm))
      .thenRefused('not_due'));
});

const ended: Record<string, readonly RunCommand[]> = {
  Succeeded: [asks(), says.yes(bob), starts(), succeeds()],
  Failed: [asks(), says.yes(bob), starts(), fails()],
  Denied: [asks(), says.no(bob)],
  Canceled: [asks(), says.cancel(ana)],
  Expired: [asks(), time(onePm)],
};
const open: Record<string, readonly RunCommand[]> = {
  AwaitingApproval: [asks()],
  Approved: [asks(dbMigrate), says.yes(bob), says.yes(cho)],
  Dispatching: [asks(), says.yes(bob)],
  Running: [asks(), says.yes(bob), starts()],
};

describe('canceling a run', () => {
  test.each(Object.entries(open))('%s ends it', (was, commands) => {
    const when = given(...past(...commands)).when(says.cancel(ana));
    when.then({ type: 'RunCanceled', actor: 'user:dev:ana', payload: { name: 'Ana', was } });
    when.thenRun({ status: 'Canceled', by: 'Ana', was });
  });
  test.each(Object.entries(ended))('%s is over already', (status, commands) =>
    given(...past(...commands))
      .when(says.cancel(ana))
      .thenRefused('already_over', { status }),
  );
  test('whoever asked may, even without a role by now', () =>
    given(...past(asks()))
      .when(says.cancel({ ...ana, roles: [] }))
      .then('RunCanceled'));
  test('a run that a schedule asked for, whoever may ask for it', () => {
    const scheduled = given(...past(asks(backup, { by: nightly })));
    scheduled.when(says.cancel(ana)).then('RunCanceled');
    scheduled.when(says.cancel(eve)).thenRefused('may_not_steer');
  });
  test('a stranger, a schedule and a worker may not', () => {
    const waiting = given(...past(asks()));
    waiting.when(says.cancel(eve)).thenRefused('may_not_steer');
    waiting.when({ type: 'cancel', by: nightly, at: noon }).thenRefused('only_people_decide');
    waiting.when({ type: 'cancel', by: w1, at: noon }).thenRefused('only_people_decide');
  });
});

describe('recovering a run', () => {
  test.each(['Failed', 'Canceled', 'Expired'])('%s asks again in a new epoch', (was) => {
    const when = given(...past(...(ended[was] ?? []))).when(says.recover(ana, false, onePm));
    when.then(
      { type: 'RunRecovered', actor: 'user:dev:ana', payload: { epoch: 2, name: 'Ana', was } },
      { type: 'ApprovalRequested', payload: { epoch: 2, because: 'recovered' } },
    );
    when.thenRun({
      status: 'AwaitingApproval',
      epoch: 2,
      votes: [],
      losses: 0,
      decideBy: onePm + minutes(30),
    });
  });
  test('what was approved before is not approved now', () =>
    given(...past(asks(), says.yes(bob), starts(), fails(), says.recover(ana)))
      .when(says.yes(bob))
      .then({ type: 'RunApproved', payload: { epoch: 2 } }, 'ExecutionDispatched'));
  test('a never-policy asks people the second time', () => {
    const never = withApproval(backup, { policy: 'never' });
    given(...past(asks(never), starts(never), fails()))
      .when(says.recover(ana))
      .thenRun({ status: 'AwaitingApproval', byPolicy: false });
  });
  test.each(['Succeeded', 'Denied'])('%s stays as it is', (status) =>
    given(...past(...(ended[status] ?? [])))
      .when(says.recover(ana))
      .thenRefused('not_recoverable', { status }),
  );
  test.each(['AwaitingApproval', 'Approved'])('%s needs no recovery', (status) =>
    given(...past(...(open[status] ?? [])))
      .when(says.recover(ana))
      .thenRefused('not_recoverable', { status }),
  );
  test.each(['Dispatching', 'Running'])('%s is on its way', (status) =>
    given(...past(...(open[status] ?? [])))
      .when(says.recover(ana))
      .thenRefused('already_started', { status }),
  );
  test('a running one whose lease ran out is lost, by the person who said so', () =>
    given(...past(asks(), says.yes(bob), starts()))
      .when(says.recover(ana, true, onePm))
      .then(
        {
          type: 'ExecutionLost',
          actor: 'user:dev:ana',
          payload: { reason: 'lease_expired', lastBeat: noon },
        },
        { type: 'ApprovalRequested', payload: { epoch: 2, because: 'lost' } },
      ));
  test('the right of yesterday is not enough', () => {
    given(...past(...(ended.Failed ?? [])))
      .when(says.recover(eve))
      .thenRefused('may_not_steer');
    given(...past(...(ended.Failed ?? [])))
      .when({ type: 'recover', by: w1, leaseExpired: true, at: noon })
      .thenRefused('only_people_decide');
  });
  test('a lost run is not recovered by a worker that comes back', () =>
    given(...past(asks(), says.yes(bob), starts(), vanishes()))
      .when(succeeds())
      .thenRefused('superseded'));
  test('recovering does not revive a right: the voters are asked anew', () =>
    given(...past(asks(dbMigrate), says.yes(bob), time(onePm), says.recover(ana, false, onePm)))
      .when({ type: 'approve', by: by(cho), at: onePm })
      .then('ApprovalRecorded'));
});
