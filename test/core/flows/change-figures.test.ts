import { expect, test } from 'vitest';
import { changeFigures } from '../../../src/core/flows/change-figures.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import {
  asks,
  bob,
  due,
  fails,
  minutes,
  nightly,
  noon,
  RUN,
  report,
  says,
  starts,
  succeeds,
  vanishes,
} from '../../cast.ts';
import { past, runAfter } from '../../given.ts';

const light = { heavy: false, channel: 'dev' };

/** What the first event of a type is counted by, when these commands are given one after the other. */
const figuresOf = (type: RunEvent['type'], ...commands: readonly RunCommand[]) => {
  const before = fold(past(...commands.slice(0, -1)), RUN);
  const told = past(...commands).slice(past(...commands.slice(0, -1)).length);
  const event = told.find((one) => one.type === type);
  if (event === undefined) throw new Error(`no ${type} came of it`);
  return changeFigures(event, before, runAfter(...commands));
};

const asked = asks(report);
const yes = says.yes(bob);

test.each([
  ['a request', 'RunCreated', [asked], {}],
  ['an approval', 'RunApproved', [asked, says.yes(bob, noon + 38_000)], { waitedMs: 38_000 }],
  ['a denial', 'RunDenied', [asked, says.no(bob, noon + minutes(2))], { waitedMs: 120_000 }],
  ['a start', 'ExecutionStarted', [asked, yes, starts(report)], {}],
  ['a success', 'ExecutionSucceeded', [asked, yes, starts(report), succeeds()], { attempt: 1 }],
  [
    'a failure that is tried again',
    'ExecutionRetried',
    [asked, yes, starts(report), fails()],
    { attempt: 1, reason: 'exit' },
  ],
  ['a failure', 'ExecutionFailed', [asks(), yes, starts(), fails()], { attempt: 1, reason: 'exit' }],
  ['a loss', 'ExecutionLost', [asks(), yes, starts(), vanishes()], { attempt: 1, reason: 'lease_expired' }],
] as const)('%s is counted by what is on record', (_what, type, commands, figures) => {
  expect(figuresOf(type, ...commands)).toEqual({ ...light, ...figures });
});

test('an occurrence that is asked for late is counted as that', () => {
  const byClock = (late: object) => asks(report, { by: nightly, trigger: due(noon, late) });
  expect(figuresOf('ScheduleTriggered', byClock({}))).toEqual(light);
  expect(figuresOf('ScheduleTriggered', byClock({ late: 'away' }))).toEqual({
    ...light,
    late: true,
  });
});

test('what nobody was asked about has not waited for anybody', () => {
  const [event] = past(asked, yes).filter(({ type }) => type === 'RunApproved');
  if (event === undefined) throw new Error('nobody approved');
  expect(changeFigures(event, fold([], RUN), runAfter(asked, yes))).toEqual(light);
});
