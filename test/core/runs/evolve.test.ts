import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import {
  ana,
  asks,
  bob,
  cho,
  dbMigrate,
  fails,
  noon,
  progresses,
  RUN,
  report,
  says,
  starts,
  succeeds,
} from '../../cast.ts';
import { past } from '../../given.ts';

/** One event of an orderly history, to be met where it does not belong. */
const pick = (type: RunEvent['type'], ...commands: readonly RunCommand[]): RunEvent => {
  const found = past(...commands).find((event) => event.type === type);
  if (found === undefined) throw new Error(`these commands make no ${type}`);
  return found;
};

const asked = past(asks());
const heavy = [asks(dbMigrate), says.yes(bob), says.yes(cho), says.resume(ana)];
const resumed = pick('RunResumed', ...heavy);
const voted = pick('ApprovalRecorded', ...heavy);
const retried = pick('ExecutionRetried', asks(report), says.yes(bob), starts(report), fails());
const started = pick('ExecutionStarted', asks(), says.yes(bob), starts());
const progressed = pick('ExecutionProgressed', asks(), says.yes(bob), starts(), progresses());
const succeeded = pick('ExecutionSucceeded', asks(), says.yes(bob), starts(), succeeds());
const dispatched = pick('ExecutionDispatched', asks(), says.yes(bob));

describe('an event where it does not belong', () => {
  const after = (...events: readonly RunEvent[]) => fold([...asked, ...events], RUN);
  test('says nothing about a run that does not exist', () =>
    expect(fold([started, succeeded], RUN)).toEqual({ status: 'absent' }));
  test.each([
    ['a resume before the approval', resumed],
    ['progress before the start', progressed],
  ])('%s is passed over', (_what, event) => expect(after(event)).toEqual(after()));
  test('a vote after the approval is passed over', () => {
    const running = [...past(asks(), says.yes(bob)), voted];
    expect(fold(running, RUN)).toEqual(fold(running.slice(0, -1), RUN));
  });
  test.each([
    ['a start', started, { status: 'Running', approvedAt: noon }],
    ['a dispatch', dispatched, { status: 'Dispatching', approvedAt: noon }],
    ['another attempt', retried, { status: 'Dispatching', attempt: 2, approvedAt: noon }],
    ['a success', succeeded, { status: 'Succeeded' }],
  ])('%s without an approval is a fact all the same', (_what, event, state) =>
    expect(after(event)).toMatchObject(state),
  );
});

describe('what survives every step', () => {
  test('who pressed start, up to the retry', () => {
    const start = starts(dbMigrate);
    for (const commands of [heavy, [...heavy, start], [...heavy, start, progresses()]]) {
      expect(fold(past(...commands), RUN)).toMatchObject({ resumedBy: 'Ana', approvedAt: noon });
    }
    expect(fold([...past(...heavy, start), retried], RUN)).toMatchObject({ resumedBy: 'Ana' });
  });
  test('the newest start, even into another epoch', () =>
    expect(
      fold(past(asks(), says.yes(bob), starts(), fails(), says.recover(ana), says.yes(bob)), RUN),
    ).toMatchObject({
      epoch: 2,
      lastStart: { epoch: 1, attempt: 1, workerId: 'w1', ended: true },
      fence: 1,
    }));
});
