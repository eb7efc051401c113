import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import { type RunStep, stepsOf } from '../../../src/core/runs/step.ts';
import {
  ana,
  asks,
  bob,
  cho,
  dbMigrate,
  fails,
  minutes,
  noon,
  onePm,
  progresses,
  RUN,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
} from '../../cast.ts';
import { past } from '../../given.ts';

/** What the last of these commands was to the run. */
const stepsAfter = (...commands: readonly RunCommand[]): readonly RunStep[] => {
  const last = commands.at(-1);
  const history = past(...commands.slice(0, -1));
  const before = fold(history, RUN);
  const decision = last && decide(before, last);
  if (decision?.ok !== true) throw new Error('the last command was refused');
  return stepsOf(RUN, before, history.length, decision.events);
};

describe('a step of a run', () => {
  test('says what happened, to which job, and where the run stands afterwards', () => {
    const [created, asked] = stepsAfter(asks());
    expect(created).toEqual({
      event: 'RunCreated',
      actor: 'user:dev:ana',
      at: noon,
      jobKey: 'backup',
      heavy: false,
      status: 'AwaitingApproval',
      epoch: 1,
      first: 1,
      channel: 'dev',
    });
    expect(asked).toMatchObject({ event: 'ApprovalRequested', first: 1 });
  });

  test('that decides says how long the question was open; what follows from it waited for nobody', () => {
    const [approved, dispatched] = stepsAfter(asks(), says.yes(bob, noon + minutes(7)));
    expect(approved).toMatchObject({ event: 'RunApproved', first: 3, waitedMs: minutes(7) });
    expect(dispatched).toMatchObject({ event: 'ExecutionDispatched', first: 3, attempt: 1 });
    expect(dispatched).not.toHaveProperty('waitedMs');
  });

  test('of a deadline says how long nobody answered', () => {
    const [expired] = stepsAfter(asks(), time(onePm));
    expect(expired).toMatchObject({ event: 'ApprovalTimedOut', waitedMs: minutes(60) });
  });

  test('that starts says how long a worker was waited for', () => {
    const [started] = stepsAfter(asks(), says.yes(bob), starts(undefined, { at: noon + 1500 }));
    expect(started).toMatchObject({ event: 'ExecutionStarted', attempt: 1, waitedMs: 1500 });
  });

  test('of progress ends nothing', () => {
    const [progressed] = stepsAfter(asks(), says.yes(bob), starts(), progresses());
    expect(progressed).not.toHaveProperty('ended');
  });

  const ended = { epoch: 1, attempt: 1, startedAt: noon, workerId: 'w1' };

  test('that succeeds ends its attempt', () => {
    const [succeeded] = stepsAfter(asks(), says.yes(bob), starts(), succeeds(1, noon + 400));
    expect(succeeded).toMatchObject({ at: noon + 400, ended: { ...ended, outcome: 'succeeded' } });
  });

  test('that fails says how', () => {
    const [failed] = stepsAfter(asks(), says.yes(bob), starts(), fails());
    expect(failed).toMatchObject({ event: 'ExecutionFailed', ended: { ...ended, outcome: 'exit' } });
  });

  test('that puts back for a retry ends the attempt before', () => {
    const [retried] = stepsAfter(asks(report), says.yes(bob), starts(report), fails());
    expect(retried).toMatchObject({ event: 'ExecutionRetried', ended: { ...ended, outcome: 'exit' } });
  });

  test('of a loss ends its attempt once, whatever follows in the same commit', () => {
    const steps = stepsAfter(asks(report), says.yes(bob), starts(report), vanishes());
    expect(steps.map(({ event }) => event)).toEqual(['ExecutionLost', 'ExecutionRetried']);
    expect(steps.map((step) => step.ended?.outcome)).toEqual(['lease_expired', undefined]);
  });

  test('that cancels a running one ends its attempt', () => {
    const [canceled] = stepsAfter(asks(), says.yes(bob), starts(), says.cancel(ana));
    expect(canceled).toMatchObject({ ended: { ...ended, outcome: 'canceled' } });
  });

  test('that starts a heavy run says how long it was ready', () => {
    const approved = [asks(dbMigrate), says.yes(bob), says.yes(cho)];
    const [resumed] = stepsAfter(...approved, says.resume(ana));
    expect(resumed).toMatchObject({ event: 'RunResumed', waitedMs: 0 });
  });

  test('of a run that is not there is none', () => {
    expect(stepsOf(RUN, { status: 'absent' }, 0, [])).toEqual([]);
  });
});
