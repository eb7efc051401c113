import { describe, expect } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import type { Upkeep } from '../../src/core/ports/upkeep.ts';
import { claimRuns, enqueue, entry, nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const keep = (store: Store, ...upkeep: readonly Upkeep[]) =>
  store.runs.commit([{ ...nothing, upkeep, at: T0 }]);

const idsOf = (claimed: readonly { entry: { runId: string } }[]) => claimed.map((one) => one.entry.runId);

export const pausesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('pauses', () => {
    law('no worker takes runs of a paused job, limited or not; others go on', async ({ store, other }) => {
      await store.runs.commit([
        enqueue(
          entry('A'),
          entry('D', { jobKey: 'deploy' }),
          entry('L', { jobKey: 'limited', concurrency: 1 }),
          entry('B'),
        ),
      ]);
      await keep(
        store,
        { kind: 'pause', what: 'job:backup', by: 'Ana', reason: 'disk' },
        { kind: 'pause', what: 'job:limited', by: 'Ana' },
      );
      expect(await other.pauses.list()).toEqual([
        { what: 'job:limited', by: 'Ana', at: T0 },
        { what: 'job:backup', by: 'Ana', at: T0, reason: 'disk' },
      ]);
      expect((await store.reader.figures(T0)).paused).toEqual(['job:limited', 'job:backup']);
      expect(idsOf(await claimRuns(other))).toEqual(['D']);
      await keep(other, { kind: 'unpause', what: 'job:backup' });
      expect(idsOf(await claimRuns(store))).toEqual(['A', 'B']);
      await keep(other, { kind: 'unpause', what: 'job:limited' });
      expect(idsOf(await claimRuns(store))).toEqual(['L']);
    });

    law('a paused or switched-off queue hands out nothing, and loses nothing', async ({ store, other }) => {
      await store.runs.commit([enqueue(entry('A'), entry('B', { notBefore: T0 + 5 }))]);
      await keep(store, { kind: 'pause', what: 'queue', by: 'Ana' });
      expect(await claimRuns(other, 10, T0 + 9)).toEqual([]);
      await keep(store, { kind: 'unpause', what: 'queue' });
      const gate = { kind: 'gate', name: 'queue.job_substrate.enabled', by: 'user:dev:ana' } as const;
      await keep(store, { ...gate, open: false });
      expect(await claimRuns(other, 10, T0 + 9)).toEqual([]);
      expect((await store.reader.figures(T0)).paused).toEqual(['off']);
      await keep(store, { ...gate, open: true });
      expect(idsOf(await claimRuns(other, 10, T0 + 9))).toEqual(['A', 'B']);
    });
  });

  describe('a freeze', () => {
    law('holds for everybody at once, is one only, and ends', async ({ store, other }) => {
      await store.runs.commit([enqueue(entry('A'))]);
      expect(await other.freeze.current()).toBeUndefined();
      await keep(store, { kind: 'freeze', by: 'Cho', reason: 'release weekend' });
      await keep(other, { kind: 'freeze', by: 'Ana', reason: 'later' });
      expect(await other.freeze.current()).toEqual({ by: 'Cho', at: T0, reason: 'release weekend' });
      expect(await claimRuns(other)).toEqual([]);
      expect(await store.runs.commit([{ ...nothing, decides: true, at: T0 }])).toEqual(['stale_version']);
      expect((await store.reader.figures(T0)).paused).toEqual(['frozen']);
      await keep(other, { kind: 'unfreeze' });
      expect(await store.freeze.current()).toBeUndefined();
      expect(await store.runs.commit([{ ...nothing, decides: true, at: T0 }])).toEqual(['committed']);
      expect(idsOf(await claimRuns(store))).toEqual(['A']);
    });
  });

  describe('acceptances', () => {
    law('the newest of each owner, until they are withdrawn', async ({ store, other }) => {
      const accepted = {
        kind: 'never_accepted',
        jobKey: 'clean-up',
        digest: 'a',
        by: 'user:telegram:1',
      } as const;
      await keep(store, { ...accepted, personId: 'ola' }, { ...accepted, personId: 'kim' });
      await keep(store, { ...accepted, jobKey: 'other', personId: 'ola' });
      await other.runs.commit([
        { ...nothing, upkeep: [{ ...accepted, digest: 'b', personId: 'kim' }], at: T0 + 5 },
      ]);
      expect(await other.acceptances.of('clean-up')).toEqual([
        { digest: 'a', personId: 'ola', by: 'user:telegram:1', at: T0 },
        { digest: 'b', personId: 'kim', by: 'user:telegram:1', at: T0 + 5 },
      ]);
      await keep(other, { kind: 'acceptances_withdrawn', jobKey: 'clean-up' });
      expect(await store.acceptances.of('clean-up')).toEqual([]);
      expect(await store.acceptances.of('other')).toHaveLength(1);
    });
  });

  describe('repeated dispatches', () => {
    law('are counted attempt by attempt', async ({ store, other }) => {
      expect(await store.reader.dispatchRepeats(5)).toEqual([]);
      await store.runs.commit([enqueue(entry('A')), enqueue(entry('A'))]);
      await other.runs.commit([{ ...enqueue(entry('A')), at: T0 + 7 }]);
      expect(await store.reader.dispatchRepeats(5)).toEqual([
        { runId: 'A', epoch: 1, attempt: 1, times: 2, lastAt: T0 + 7 },
      ]);
    });
  });
};
