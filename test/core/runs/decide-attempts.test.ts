import { describe, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { LOSSES_MAX } from '../../../src/core/runs/retry.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  fails,
  files,
  minutes,
  noon,
  progresses,
  report,
  says,
  starts,
  succeeds,
  system,
  vanishes,
  w1,
  withSpec,
} from '../../cast.ts';
import { given, past } from '../../given.ts';

const dispatched = past(asks(), says.yes(bob));
const running = past(asks(), says.yes(bob), starts());
const restarted = (attempt: number): RunCommand => starts(report, { attempt, fence: attempt });

describe('starting an attempt', () => {
  test('is recorded before anything runs', () => {
    const when = given(...dispatched).when(starts());
    when.then({
      type: 'ExecutionStarted',
      actor: 'worker:w1',
      payload: { WorkerId: 'w1', attempt: 1, epoch: 1, fence: 1 },
    });
    when.thenRun({ status: 'Running', workerId: 'w1', fence: 1, lastStart: { epoch: 1, attempt: 1 } });
  });
  test('changed files void the approval, and people are asked about the new ones', () => {
    const changed = { ...files, 'scripts/backup.sh': 'c'.repeat(64) };
    const when = given(...dispatched).when(starts(backup, { files: changed }));
    when.then(
      { type: 'ApprovalVoided', payload: { epoch: 1, reason: 'digest' } },
      { type: 'ApprovalRequested', payload: { epoch: 2, because: 'voided', files: changed } },
    );
    when.thenRun({ status: 'AwaitingApproval', epoch: 2, votes: [], files: changed });
    given(...past(asks(), says.yes(bob), starts(backup, { files: changed }), says.yes(bob)))
      .when(starts(backup, { epoch: 2, files: changed }))
      .then('ExecutionStarted');
  });
  test('a changed definition voids the approval', () =>
    given(...dispatched)
      .when(starts(withSpec(backup, { timeoutMs: 1 })))
      .then({ type: 'ApprovalVoided', payload: { reason: 'digest' } }, 'ApprovalRequested'));
  test('a voter who lost the right voids the approval', () =>
    given(...dispatched)
      .when(starts(backup, { entitled: [] }))
      .then({ type: 'ApprovalVoided', payload: { reason: 'votes' } }, 'ApprovalRequested'));
  test('an attempt starts once', () =>
    given(...running)
      .when(starts(backup, { fence: 2 }))
      .thenRefused('not_dispatched', { status: 'Running' }));
  test('an old claim starts nothing', () => {
    const retrying = past(asks(report), says.yes(bob), starts(report), fails());
    given(...retrying)
      .when(starts(report, { attempt: 2, fence: 1 }))
      .thenRefused('superseded', { fence: 1 });
    given(...retrying)
      .when(starts(report, { attempt: 1, fence: 2 }))
      .thenRefused('superseded');
  });
  test('after a cancel nothing starts', () =>
    given(...past(asks(), says.yes(bob), says.cancel(ana)))
      .when(starts())
      .thenRefused('not_dispatched', { status: 'Canceled' }));
  test('only a worker starts', () =>
    given(...dispatched)
      .when(starts(backup, { by: by(bob) }))
      .thenRefused('only_workers_report'));
});

describe('the end of an attempt', () => {
  test('success', () =>
    given(...running)
      .when(succeeds(1, noon + minutes(2)))
      .then({
        type: 'ExecutionSucceeded',
        payload: { Summary: '4.1 GB written', attempt: 1, tookMs: minutes(2) },
      }));
  test('failure', () => {
    const when = given(...running).when(fails());
    when.then({ type: 'ExecutionFailed', payload: { reason: 'exit', exitCode: 28, attempt: 1 } });
    when.thenRun({ status: 'Failed', summary: 'No space left on device', lastStart: { ended: true } });
  });
  test('failure by a signal', () => {
    const output = { bytes: 0, sha256: '' };
    given(...running)
      .when({
        type: 'finish',
        by: w1,
        fence: 1,
        chance: 0,
        at: noon,
        result: { ok: false, reason: 'signal', summary: 'killed', signal: 'SIGKILL', output },
      })
      .then({ type: 'ExecutionFailed', payload: { signal: 'SIGKILL' } });
  });
  test('a clock that went back takes no negative time', () =>
    given(...running)
      .when(succeeds(1, noon - 1))
      .then({ type: 'ExecutionSucceeded', payload: { tookMs: 0 } }));
  test('a report under an old fence comes too late', () => {
    const second = past(asks(report), says.yes(bob), starts(report), vanishes(), restarted(2));
    const run = given(...second);
    run.when(succeeds(1)).thenRefused('superseded', { fence: 2 });
    run.when(progresses(1)).thenRefused('superseded', { fence: 2 });
    run.when(vanishes(1)).thenRefused('superseded', { fence: 2 });
    run.when(succeeds(2)).then('ExecutionSucceeded');
  });
  test('a second report changes nothing', () =>
    given(...past(asks(), says.yes(bob), starts(), succeeds()))
      .when(fails())
      .thenRefused('superseded'));
  test('nobody but its worker reports', () => {
    const run = given(...running);
    run.when({ ...succeeds(), by: by(bob) }).thenRefused('only_workers_report');
    run.when({ ...progresses(), by: system }).thenRefused('only_workers_report');
  });
  test('nobody but the system calls a worker lost', () =>
    given(...running)
      .when({ ...vanishes(), by: by(bob) })
      .thenRefused('not_due'));
  test('progress is told while it runs', () => {
    given(...running)
      .when(progresses())
      .thenRun({ status: 'Running', progress: { percent: 58, text: 'table orders 7 of 12', at: noon } });
    given(...running)
      .when({ type: 'progress', by: w1, fence: 1, text: 'warming up', at: noon })
      .then({ type: 'ExecutionProgressed', payload: { text: 'warming up' } });
    given(...dispatched)
      .when(progresses())
      .thenRefused('not_dispatched');
  });
});

describe('trying again', () => {
  const first = past(asks(report), says.yes(bob), starts(report));
  test('a job that declares itself idempotent is retried, later', () => {
    const when = given(...first).when(fails());
    when.then({
      type: 'ExecutionRetried',
      payload: { epoch: 1, attempt: 2, notBefore: noon + 5_000, reason: 'exit' },
    });
    when.thenRun({ status: 'Dispatching', attempt: 2, lastError: 'No space left on device' });
  });
  test('until its attempts are used up', () =>
    given(
      ...past(asks(report), says.yes(bob), starts(report), fails(1), restarted(2), fails(2), restarted(3)),
    )
      .when(fails(3))
      .then({ type: 'ExecutionFailed', payload: { attempt: 3 } }));
  test("a heavy job is not, whatever it declares: each start of it is somebody's", () => {
    const job = withSpec(report, { heavy: true });
    given(...past(asks(job), says.yes(bob), says.resume(ana), starts(job)))
      .when(fails())
      .then('ExecutionFailed');
  });
  test('any other job is not', () =>
    given(
      ...past(
        asks(withSpec(backup, { retry: report.spec.retry })),
        says.yes(bob),
        starts(withSpec(backup, { retry: report.spec.retry })),
      ),
    )
      .when(fails())
      .then('ExecutionFailed'));
});

describe('losing a worker', () => {
  test('a light idempotent run is started again, a bounded number of times', () => {
    const commands: RunCommand[] = [asks(report), says.yes(bob)];
    for (let loss = 1; loss < LOSSES_MAX; loss += 1) {
      commands.push(restarted(loss));
      given(...past(...commands))
        .when(vanishes(loss))
        .then(
          {
            type: 'ExecutionLost',
            actor: 'system:recovery',
            payload: { fence: loss, lastBeat: noon - 30_000 },
          },
          { type: 'ExecutionRetried', payload: { attempt: loss + 1, reason: 'lost' } },
        );
      commands.push(vanishes(loss));
    }
    given(...past(...commands, restarted(LOSSES_MAX)))
      .when(vanishes(LOSSES_MAX))
      .then('ExecutionLost', { type: 'ApprovalRequested', payload: { epoch: 2, because: 'lost' } });
  });
  test('any other run asks a person', () => {
    const when = given(...running).when(vanishes());
    when.then('ExecutionLost', { type: 'ApprovalRequested', payload: { epoch: 2, because: 'lost' } });
    when.thenRun({ status: 'AwaitingApproval', because: 'lost', lastError: 'worker w1 was lost', losses: 0 });
  });
  test('a heavy run always asks', () => {
    const heavy = withSpec(dbMigrate, { effects: 'idempotent' });
    given(...past(asks(heavy), says.yes(bob), says.yes(cho), says.resume(ana), starts(heavy)))
      .when(vanishes())
      .then('ExecutionLost', 'ApprovalRequested');
  });
  test('a yes starts it again', () =>
    given(...past(asks(), says.yes(bob), starts(), vanishes(), says.yes(bob)))
      .when(starts(backup, { epoch: 2, fence: 2 }))
      .then({ type: 'ExecutionStarted', payload: { epoch: 2, attempt: 1, fence: 2 } }));
  test('a claim of the epoch before starts nothing in the new one', () =>
    given(...past(asks(), says.yes(bob), starts(), vanishes(), says.yes(bob)))
      .when(starts(backup, { epoch: 1, fence: 2 }))
      .thenRefused('superseded'));
  test('a heavy one waits for its resume again', () =>
    given(
      ...past(
        asks(dbMigrate),
        says.yes(bob),
        says.yes(cho),
        says.resume(ana),
        starts(dbMigrate),
        vanishes(),
        says.yes(bob),
      ),
    )
      .when(says.yes(cho))
      .then('RunApproved'));
  test('a worker that is shut down hands the run back at once', () => {
    given(...past(asks(report), says.yes(bob), starts(report)))
      .when(fails(1, noon, 'interrupted'))
      .then(
        { type: 'ExecutionLost', actor: 'worker:w1', payload: { reason: 'interrupted', lastBeat: noon } },
        { type: 'ExecutionRetried', payload: { notBefore: noon } },
      );
    given(...running)
      .when(fails(1, noon, 'interrupted'))
      .then('ExecutionLost', 'ApprovalRequested');
  });
  test('only a running run can lose its worker', () =>
    given(...dispatched)
      .when(vanishes())
      .thenRefused('not_dispatched'));
});
