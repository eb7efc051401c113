import { expect, test } from 'vitest';
import type { Observation, Observe } from '../../src/core/ports/observe.ts';
import { observeAll } from '../../src/telemetry/observe-all.ts';

const started = { kind: 'started', what: 'worker' } as const;
const stopped = { kind: 'stopped', what: 'worker' } as const;

const listening = () => {
  const heard: Observation[] = [];
  return { heard, hears: (observation: Observation): void => void heard.push(observation) };
};

const failing =
  (error: unknown): Observe =>
  () => {
    throw error;
  };

test('everybody hears everything in its order, the log before the others', () => {
  const order: string[] = [];
  const named =
    (name: string): Observe =>
    ({ kind }) =>
      void order.push(`${name} ${kind}`);
  const observe = observeAll(named('log'), [named('counts'), named('traces')]);
  observe(started);
  observe(stopped);
  expect(order).toEqual([
    'log started',
    'counts started',
    'traces started',
    'log stopped',
    'counts stopped',
    'traces stopped',
  ]);
});

test('one that fails hinders neither whoever tells nor those behind it, and the log hears why', () => {
  const log = listening();
  const behind = listening();
  const error = new RangeError('no more room');
  const observe = observeAll(log.hears, [failing(error), behind.hears]);
  observe(started);
  expect(behind.heard).toEqual([started]);
  expect(log.heard).toEqual([started, { kind: 'loop_faulted', loop: 'telemetry', error }]);
});

test('the log hears of each that fails once, however often it fails', () => {
  const log = listening();
  const observe = observeAll(log.hears, [failing('counter'), failing('trace')]);
  for (let times = 0; times < 3; times += 1) observe(started);
  const faults = log.heard.flatMap((heard) => (heard.kind === 'loop_faulted' ? [heard.error] : []));
  expect(faults).toEqual(['counter', 'trace']);
});

test('one that failed is told the next all the same', () => {
  const after = listening();
  let calls = 0;
  const fragile: Observe = (observation) => {
    calls += 1;
    if (calls === 1) throw new Error('not yet');
    after.hears(observation);
  };
  const observe = observeAll(() => undefined, [fragile]);
  observe(started);
  observe(stopped);
  expect(after.heard).toEqual([stopped]);
});
