import { expect, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { workingOn } from '../../src/loops/scope.ts';
import { type LogOptions, logObservations } from '../../src/telemetry/log.ts';
import { WrittenRecord } from '../../src/telemetry/record.ts';
import { traceIdOf } from '../../src/telemetry/trace/ids.ts';
import { observations, step } from './observations.ts';

const logging = (more: Partial<LogOptions> = {}) => {
  const lines: string[] = [];
  const observe = logObservations({
    level: 'trace',
    format: 'json',
    secrets: [],
    version: '1.2.0',
    component: 'textops',
    installation: () => 'i',
    destination: { write: (line) => lines.push(line) },
    now: () => Date.UTC(2026, 10, 20, 14),
    ...more,
  });
  return { observe, records: () => lines.map((line) => WrittenRecord.parse(JSON.parse(line))) };
};

const failed: Observation = { kind: 'request_failed', method: 'GET', path: '/runs', error: new Error('x') };
const work = { runId: 'K7M2QX', actor: 'user:http:ci' };

test('a line that names no run is about the one that is worked on, if any is', async () => {
  const { observe, records } = logging();
  await workingOn(work, async () => {
    await Promise.resolve();
    observe(failed);
  });
  observe(failed);
  expect(records()).toMatchObject([
    { run_id: 'K7M2QX', actor: 'user:http:ci', trace_id: traceIdOf('i', 'K7M2QX') },
    { run_id: null, actor: null, trace_id: null },
  ]);
});

test('what a line says of itself goes before what is worked on', () => {
  const { observe, records } = logging();
  workingOn(work, () => {
    observe({ kind: 'lease_recovered', runId: '4TQ9ZB', workerId: 'w1', how: 'asked' });
    observe({ kind: 'lease_lost', runId: '4TQ9ZB', workerId: 'w1' });
  });
  expect(records()).toMatchObject([
    { run_id: '4TQ9ZB', actor: 'system:recovery', worker_id: 'w1' },
    { run_id: '4TQ9ZB', actor: 'worker:w1', worker_id: 'w1' },
  ]);
});

test('two that are worked on at once keep their lines apart', async () => {
  const { observe, records } = logging();
  const runs = ['K7M2QX', '4TQ9ZB', '9WPDXK'];
  await Promise.all(
    runs.map((runId) =>
      workingOn({ runId, actor: `user:dev:${runId}` }, async () => {
        for (let times = 0; times < 3; times += 1) {
          await Promise.resolve();
          observe(failed);
        }
      }),
    ),
  );
  expect(records()).toHaveLength(9);
  for (const { run_id, actor } of records()) expect(actor).toBe(`user:dev:${run_id}`);
});

test('a scope without a run gives its actor only', () => {
  const { observe, records } = logging();
  workingOn({ actor: 'user:telegram:1' }, () => observe(failed));
  expect(records()).toMatchObject([{ run_id: null, trace_id: null, actor: 'user:telegram:1' }]);
});

test('an observation that cannot be told is one line that says so, and the next is told', () => {
  const { observe, records } = logging();
  observe({ kind: 'kind_of_tomorrow' } as unknown as Observation);
  observe(failed);
  expect(records()).toMatchObject([
    { event: 'log.faulted', level: 'error', msg: 'a line was lost', err: { type: 'TypeError' } },
    { event: 'request.failed' },
  ]);
});

test.each(['json', 'pretty'] as const)(
  'whoever tells never hears that the way out is closed (%s)',
  (format) => {
    const closed = {
      write: () => {
        throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
      },
    };
    const { observe } = logging({ format, destination: closed });
    for (const observation of observations('w1', new Error('x'))) {
      expect(() => observe(observation)).not.toThrow();
    }
  },
);

test('below the level nothing is cleaned, and nothing is asked for', () => {
  const { observe, records } = logging({
    level: 'warn',
    installation: () => {
      throw new Error('nobody should have asked');
    },
  });
  observe({ kind: 'run_changed', runId: 'K7M2QX', ...step });
  expect(records()).toEqual([]);
});
