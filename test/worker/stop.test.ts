import { expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { patience, shift, unasked } from './shift.ts';
import { until } from './workbench.ts';

const here = { baseDir: process.cwd(), environment: process.env };

const busy = async (spec: { readonly effects: 'idempotent' | 'unknown' }) => {
  const house = await shift();
  const play = patience();
  const job = await house.job('slow', { target: { kind: 'demo', behaviour: 'slow' }, ...spec });
  const worker = house.worker('w1', { executors: executors({ ...here, sleep: play.sleep }), slots: 1 });
  const runId = await house.dispatched(job);
  await until('it runs', () => play.started() > 0);
  return { ...house, ...play, job, first: worker, runId };
};

test('a stopping worker hands a harmless job back, and another one runs it', async () => {
  const { first, run, runId, becomes, worker, store, seen } = await busy({ effects: 'idempotent' });
  await first.stop(2000);
  expect(await run(runId)).toMatchObject({ status: 'Dispatching', attempt: 2 });
  expect((await store.reader.figures(await store.now())).workers).toEqual([]);
  const { sleep, finish } = patience();
  finish();
  worker('w2', { executors: executors({ ...here, sleep }) });
  await becomes(runId, 'Succeeded');
  expect(seen.filter(({ kind }) => kind === 'report_refused')).toEqual([]);
});

test('a job that may not be started twice goes on for a while, and then a person is asked', async () => {
  const { first, run, runId } = await busy({ effects: 'unknown' });
  const began = performance.now();
  await first.stop(2000);
  expect(performance.now() - began).toBeGreaterThan(1400);
  expect(await run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost', epoch: 2 });
});

test('a job that ends in time ends as usual', async () => {
  const { first, status, runId, finish } = await busy({ effects: 'unknown' });
  const stopping = first.stop(20_000);
  finish();
  await stopping;
  expect(await status(runId)).toBe('Succeeded');
});

test('a stopping worker takes nothing more, and stopping twice is harmless', async () => {
  const { first, job, dispatched, status, finish } = await busy({ effects: 'unknown' });
  const stopping = first.stop(20_000);
  const next = await dispatched(job);
  finish();
  await Promise.all([stopping, first.stop()]);
  expect(await status(next)).toBe('Dispatching');
});

test('a job that survives its end keeps its lease, and the worker stops all the same', async () => {
  const house = await shift();
  let started = false;
  const deaf = {
    kind: 'demo',
    execute: () => {
      started = true;
      return new Promise<never>(() => undefined);
    },
  } as const;
  const worker = house.worker('w1', { executors: { ...executors(here), demo: deaf } });
  const runId = await house.dispatched(
    await house.job('deaf', { target: { kind: 'demo' }, approval: unasked }),
  );
  await until('it runs', () => started);
  await worker.stop(300);
  const why = 'it did not end before the worker stopped';
  expect(house.seen).toContainEqual({ kind: 'report_refused', runId, workerId: 'w1', why });
  const leases = await house.store.queue.expired((await house.store.now()) + 60_000, 10);
  expect(leases.map(({ entry }) => entry.runId)).toEqual([runId]);
});

test('what was being claimed when the stop came is given back at once', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const through = (store: Store): Store => ({
    ...store,
    queue: {
      ...store.queue,
      claim: async (p) => {
        const claimed = await store.queue.claim(p);
        if (claimed.length === 0) return claimed;
        asked.resolve();
        await answer.promise;
        return claimed;
      },
    },
  });
  const house = await shift({ through });
  const worker = house.worker('w1');
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  await asked.promise;
  const stopping = worker.stop(1000);
  answer.resolve();
  await stopping;
  const at = await house.store.now();
  const again = await house.store.queue.claim({ workerId: 'w2', limit: 1, at, leaseMs: 1000 });
  expect(again.map(({ entry }) => entry.runId)).toEqual([runId]);
  expect(await house.status(runId)).toBe('Dispatching');
});
