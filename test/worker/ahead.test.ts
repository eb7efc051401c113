import { expect, test, vi } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { patience, type Shift, shift, unasked } from './shift.ts';
import { until } from './workbench.ts';

vi.setConfig({ testTimeout: 30_000 });

const here = { baseDir: process.cwd(), environment: process.env };
const quick = { target: { kind: 'demo' }, approval: unasked } as const;
const slow = { target: { kind: 'demo', behaviour: 'slow' }, approval: unasked } as const;

const many = async ({ dispatched }: Shift, job: Parameters<Shift['dispatched']>[0], count: number) =>
  Promise.all(Array.from({ length: count }, () => dispatched(job)));

const allSucceeded = async ({ status }: Shift, runIds: readonly string[]) =>
  (await Promise.all(runIds.map(status))).every((one) => one === 'Succeeded');

test('one slot works through quick jobs with few looks at the queue, each once', async () => {
  let looks = 0;
  const day = await shift({
    through: (store: Store) => ({
      ...store,
      queue: {
        ...store.queue,
        claim: async (p) => {
          const claimed = await store.queue.claim(p);
          if (claimed.length > 0) looks += 1;
          return claimed;
        },
      },
    }),
  });
  const runIds = await many(day, await day.job('hello', quick), 300);
  day.worker('w1', { slots: 1, leaseMs: 30_000 });
  await until('all are done', () => allSucceeded(day, runIds));
  expect(looks).toBeLessThan(100);
  const histories = await Promise.all(runIds.map(day.events));
  expect(new Set(histories.map((events) => events.join(' ')))).toEqual(
    new Set(['RunCreated RunApproved ExecutionDispatched ExecutionStarted ExecutionSucceeded']),
  );
});

test('what may not simply be started again is on record as started only once it has its slot', async () => {
  const day = await shift();
  const { sleep, started, finish } = patience();
  const careful = await day.job('careful', { ...quick, effects: 'unknown' });
  const long = await day.job('long', { ...slow, priority: 5 });
  day.worker('w1', { slots: 1, leaseMs: 30_000, executors: executors({ ...here, sleep }) });
  const before = await many(day, careful, 50);
  await until('its jobs are known to be quick', () => allSucceeded(day, before));
  const [first] = await many(day, long, 1);
  const behind = await many(day, careful, 5);
  await until('the long one runs', () => started() > 0);
  for (const runId of behind) expect(await day.status(runId)).toBe('Dispatching');
  finish();
  await until('all are done', () => allSucceeded(day, [first ?? '', ...behind]));
  for (const runId of behind) {
    expect((await day.events(runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  }
});

test('quick jobs that have waited behind a slow one go to somebody else', async () => {
  const day = await shift();
  const { sleep, started, finish } = patience();
  const hello = await day.job('hello', quick);
  const long = await day.job('long', { ...slow, priority: 5 });
  const playing = { slots: 1, leaseMs: 30_000, executors: executors({ ...here, sleep }) };
  day.worker('w1', playing);
  const before = await many(day, hello, 50);
  await until('its jobs are known to be quick', () => allSucceeded(day, before));
  await many(day, long, 1);
  const behind = await many(day, hello, 20);
  await until('the long one runs', () => started() > 0);
  day.worker('w2', playing);
  await until('the others are done', () => allSucceeded(day, behind));
  finish();
});
