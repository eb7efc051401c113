import { describe, expect } from 'vitest';
import type { Commit } from '../../src/core/ports/commit.ts';
import { claimRuns, dequeue, enqueue, entry, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const idsOf = (claimed: readonly { entry: { runId: string } }[]) => claimed.map((one) => one.entry.runId);

export const queueContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('queue', () => {
    law('the most urgent goes first, then whoever came first', async ({ store }) => {
      await store.runs.commit([
        enqueue(entry('A'), entry('B', { priority: 5 }), entry('C'), entry('D', { priority: 5 })),
        enqueue(entry('E', { priority: -1 })),
      ]);
      expect(idsOf(await claimRuns(store, 3))).toEqual(['B', 'D', 'A']);
      expect(idsOf(await claimRuns(store))).toEqual(['C', 'E']);
    });

    law('adding the same dispatch twice is no news, wherever the first has got to', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A')), enqueue(entry('A'))]);
      await store.runs.commit([enqueue(entry('A'))]);
      expect(idsOf(await claimRuns(store))).toEqual(['A']);
      await store.runs.commit([enqueue(entry('A'))]);
      expect(await claimRuns(store)).toEqual([]);
      await store.runs.commit([enqueue(entry('L', { notBefore: T0 + 50 }))]);
      await store.runs.commit([{ ...enqueue(entry('L', { notBefore: T0 + 50 })), at: T0 + 60 }]);
      expect(idsOf(await claimRuns(store, 10, T0 + 70))).toEqual(['L']);
    });

    law('nothing is handed out before its time', async ({ store }) => {
      await store.runs.commit([
        enqueue(entry('A', { notBefore: T0 + 100 }), entry('B', { notBefore: T0 + 50 })),
      ]);
      expect(await claimRuns(store, 10, T0 + 49)).toEqual([]);
      expect(await claimRuns(store, 10, T0 + 50)).toMatchObject([{ entry: { runId: 'B' }, waitedMs: 0 }]);
      expect(await claimRuns(store, 10, T0 + 110)).toMatchObject([{ entry: { runId: 'A' }, waitedMs: 10 }]);
    });

    law('two that claim at the same time never share an entry', async ({ store, other }) => {
      const ids = Array.from({ length: 60 }, (_, n) => `R${n}`);
      await store.runs.commit([enqueue(...ids.map((id) => entry(id)))]);
      const claimed = await Promise.all(
        Array.from({ length: 12 }, (_, n) => claimRuns(n % 2 === 0 ? store : other, 7, T0, `w${n}`)),
      );
      // Whoever was crowded out asks again, as a worker does.
      const rest = await claimRuns(store, 60);
      expect([...claimed.flat(), ...rest].map((one) => one.entry.runId).toSorted()).toEqual(ids.toSorted());
    });

    law('no more runs of a job at the same time than it allows', async ({ store, other }) => {
      const limited = (id: string) => entry(id, { jobKey: 'deploy', concurrency: 2 });
      await store.runs.commit([enqueue(...['A', 'B', 'C', 'D'].map(limited), entry('X'))]);
      const at = await Promise.all(
        Array.from({ length: 6 }, (_, n) => claimRuns(n % 2 === 0 ? store : other, 5, T0, `w${n}`)),
      );
      const more = await claimRuns(store, 5);
      const held = [...at.flat(), ...more];
      expect(held.filter((one) => one.entry.jobKey === 'deploy')).toHaveLength(2);
      expect(idsOf(held)).toContain('X');
      const [done] = held.filter((one) => one.entry.jobKey === 'deploy');
      const runId = done?.entry.runId ?? '';
      await store.runs.commit([
        { queue: [], outbox: [], at: T0, lease: { runId, fence: done?.fence ?? 0, after: 'release' } },
      ]);
      expect(await claimRuns(store, 5)).toHaveLength(1);
    });

    law('a fence only ever grows', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A', { fence: 6 }))]);
      const fences: number[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const [claimed] = await claimRuns(store);
        fences.push(claimed?.fence ?? 0);
        await store.queue.release({ runId: 'A', fence: claimed?.fence ?? 0, at: T0 });
      }
      expect(fences).toEqual([7, 8, 9, 10]);
    });

    law('an entry that is given back keeps its place', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A'), entry('B'))]);
      const [claimed] = await claimRuns(store, 1);
      await store.queue.release({ runId: 'A', fence: 99, at: T0 });
      expect(idsOf(await claimRuns(store, 1))).toEqual(['B']);
      await store.runs.commit([enqueue(entry('C'))]);
      await store.queue.release({ runId: 'A', fence: claimed?.fence ?? 0, at: T0 });
      expect(idsOf(await claimRuns(store))).toEqual(['A', 'C']);
    });

    law('whoever takes a lease for expired is too late when a beat came since', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A'))]);
      const [a] = await claimRuns(store);
      const { fence } = { fence: 0, ...a };
      const [seen] = await store.queue.expired(T0 + 1_001, 10);
      const seenUntil = seen?.leaseUntil ?? 0;
      const held = [{ runId: 'A', fence }];
      await store.queue.beat({ workerId: 'w1', held, at: T0 + 900, leaseMs: 1_000 });

      const lease = { runId: 'A', fence, leaseUntil: seenUntil };
      expect(await store.queue.release({ ...lease, at: T0 })).toBe(false);
      const taken: Commit = { queue: [], outbox: [], at: T0, lease: { ...lease, after: 'release' } };
      expect(await store.runs.commit([taken])).toEqual(['stale_lease']);
      expect(await store.queue.beat({ workerId: 'w1', held, at: T0 + 900, leaseMs: 1_000 })).toEqual({
        lost: [],
      });

      const [now] = await store.queue.expired(T0 + 1_901, 10);
      expect(await store.queue.release({ ...lease, leaseUntil: now?.leaseUntil ?? 0, at: T0 })).toBe(true);
    });

    law('a beat extends what is held and names what is not', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A'), entry('B'))]);
      const [a, b] = await claimRuns(store);
      const held = [
        { runId: 'A', fence: a?.fence ?? 0 },
        { runId: 'B', fence: (b?.fence ?? 0) - 1 },
        { runId: 'C', fence: 1 },
      ];
      const beat = await store.queue.beat({ workerId: 'w1', held, at: T0 + 900, leaseMs: 1_000 });
      expect(beat.lost).toEqual(['B', 'C']);
      expect((await store.queue.expired(T0 + 1_500, 10)).map(({ entry: one }) => one.runId)).toEqual(['B']);
      expect(await store.queue.expired(T0 + 1_900, 10)).toHaveLength(1);
      expect(await store.queue.expired(T0 + 1_900, 10, ['B'])).toEqual([]);
      expect(await store.queue.expired(T0 + 1_901, 10)).toMatchObject([
        { entry: { runId: 'B' } },
        { entry: { runId: 'A' }, workerId: 'w1', fence: 1, leaseUntil: T0 + 1_900, beatAt: T0 + 900 },
      ]);
    });

    law('the leases of a worker that is gone run out at once, and only its own', async ({ store, other }) => {
      await store.runs.commit([enqueue(entry('A'), entry('B'))]);
      await claimRuns(store, 1, T0, 'w1');
      const [kept] = await claimRuns(store, 1, T0, 'w2');
      expect((await other.queue.holders()).toSorted()).toEqual(['w1', 'w2']);
      expect(await store.queue.expired(T0, 10)).toEqual([]);
      await other.queue.forsake('w1', T0);
      expect((await store.queue.expired(T0, 10)).map(({ workerId }) => workerId)).toEqual(['w1']);
      // One that lives after all keeps what nobody took.
      const held = [{ runId: kept?.entry.runId ?? '', fence: kept?.fence ?? 0 }];
      await other.queue.forsake('w2', T0);
      expect(await store.queue.beat({ workerId: 'w2', held, at: T0, leaseMs: 1000 })).toEqual({ lost: [] });
      expect(await store.queue.expired(T0, 10)).toHaveLength(1);
    });

    law('a run that is taken out is nowhere in the queue', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A'), entry('B'), entry('C', { notBefore: T0 + 5 }))]);
      await claimRuns(store, 1);
      await store.runs.commit([dequeue('A'), dequeue('B'), dequeue('C'), dequeue('nobody')]);
      expect(await claimRuns(store, 10, T0 + 10)).toEqual([]);
      const held = [{ runId: 'A', fence: 1 }];
      expect(await store.queue.beat({ workerId: 'w1', held, at: T0, leaseMs: 1 })).toEqual({ lost: ['A'] });
    });

    law('a newer dispatch replaces the one before it', async ({ store }) => {
      await store.runs.commit([enqueue(entry('A'))]);
      await store.runs.commit([enqueue(entry('A', { epoch: 2, fence: 3 }))]);
      expect(await claimRuns(store)).toMatchObject([{ entry: { epoch: 2 }, fence: 4 }]);
    });
  });
};
