import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { withMemoryQueue } from '../../src/worker/memory-queue.ts';
import { commitContract } from './commit.contract.ts';
import { act, approve, claimRuns, dequeue, enqueue, entry, request, run, spec, T0 } from './given.ts';
import { owedContract } from './owed.contract.ts';
import { queueContract } from './queue.contract.ts';
import { runsContract } from './runs.contract.ts';
import type { OpenBackend } from './with-backend.ts';

// The queue of development keeps the laws of the database's queue as long as the process lives.

const open: OpenBackend = async () => {
  const database = await openStore({ url: ':memory:' });
  const store = withMemoryQueue(database);
  return { store, other: store, close: () => store.close() };
};

describe('a store with its queue in memory', () => {
  queueContract(open);
  commitContract(open);
  runsContract(open);
  owedContract(open);

  test('the database sees neither entries nor leases, and the figures are those of the memory', async () => {
    const database = await openStore({ url: ':memory:' });
    const store = withMemoryQueue(database);
    await store.runs.commit([enqueue(entry('A'), entry('B'), entry('C', { notBefore: T0 + 5000 }))]);
    await claimRuns(store, 1);
    expect(await database.reader.figures(T0)).toMatchObject({ ready: 0, later: 0, running: 0, stale: [] });
    expect(await store.reader.figures(T0 + 50)).toMatchObject({
      ready: 1,
      oldestReadyMs: 50,
      later: 1,
      running: 1,
    });
    expect((await store.reader.figures(T0 + 1100)).stale).toEqual([
      { runId: 'A', jobKey: 'backup', workerId: 'w1', sinceMs: 1100 },
    ]);
    await store.close();
  });

  test('a fence grows across the epochs of a run, although its entry began anew', async () => {
    const { store } = await open();
    await store.runs.commit([enqueue(entry('A'))]);
    const [old] = await claimRuns(store);
    await store.runs.commit([dequeue('A'), enqueue(entry('A', { epoch: 2 }))]);
    const [now] = await claimRuns(store);
    expect(now?.fence).toBeGreaterThan(old?.fence ?? 0);
    await store.close();
  });

  test('whoever waits for work is woken by what another one leaves', async () => {
    const { store } = await open();
    const woken: string[] = [];
    const forget = store.onWake((what) => woken.push(what));
    await store.runs.commit([enqueue(entry('A'))]);
    const [claimed] = await claimRuns(store);
    expect(woken).toEqual(['queue']);
    await store.queue.release({ runId: 'A', fence: claimed?.fence ?? 0, at: T0 });
    await store.runs.commit([dequeue('A')]);
    expect(woken).toEqual(['queue', 'queue', 'queue', 'leases']);
    forget();
    await store.runs.commit([enqueue(entry('B'))]);
    expect(woken).toHaveLength(4);
    await store.close();
  });

  test('a fault of one commit is not the fault of those beside it', async () => {
    const database = await openStore({ url: ':memory:' });
    const store = withMemoryQueue({
      ...database,
      runs: {
        ...database.runs,
        commit: (commits) =>
          commits.some(({ at }) => at < 0)
            ? Promise.reject(new Error('no such time'))
            : database.runs.commit(commits),
      },
    });
    const [good, bad] = await Promise.allSettled([
      store.runs.commit([enqueue(entry('A'))]),
      store.runs.commit([{ ...enqueue(entry('B')), at: -1 }]),
    ]);
    expect(good).toEqual({ status: 'fulfilled', value: ['committed'] });
    expect(bad).toMatchObject({ status: 'rejected' });
    expect((await claimRuns(store)).map((claimed) => claimed.entry.runId)).toEqual(['A']);
    await store.close();
  });

  test('after a restart what waited waits again, and what ran is recovered', async () => {
    const database = await openStore({ url: ':memory:', clock: () => T0 + 100 });
    const before = withMemoryQueue(database);
    await before.catalog.put({ key: 'backup', spec: spec(), mode: 'create', by: 'user:dev:ana', at: T0 });
    for (const [n, runId] of ['RAN', 'WAITED', 'ASKED'].entries()) {
      await act(before, runId, request(runId, { at: T0 + n }));
      if (runId === 'ASKED') continue;
      const { queue } = enqueue(entry(runId));
      await act(before, runId, approve(T0 + 10 + n), { queue });
    }
    const [claimed] = await claimRuns(before, 1, T0 + 20);
    expect(claimed?.entry.runId).toBe('RAN');
    const started = (await run(before, 'RAN'))?.state;
    if (started?.status !== 'Dispatching') throw new Error('it was not dispatched');

    // The first one ran when the process ended, the second one still waited.
    await act(before, 'RAN', {
      type: 'start',
      by: { kind: 'worker', id: 'w1' },
      workerId: 'w1',
      epoch: 1,
      attempt: 1,
      fence: claimed?.fence ?? 0,
      specHash: started.specHash,
      files: {},
      entitled: ['ana'],
      at: T0 + 20,
    });

    const after = withMemoryQueue(database);
    await after.rebuild();
    expect((await claimRuns(after, 10, T0 + 100)).map((one) => one.entry.runId)).toEqual(['WAITED']);
    expect(await after.queue.expired(T0 + 100, 10)).toMatchObject([
      { entry: { runId: 'RAN' }, workerId: 'w1', fence: claimed?.fence, beatAt: T0 + 20 },
    ]);
    await database.close();
  });
});
