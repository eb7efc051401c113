import { describe, expect } from 'vitest';
import { nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

export const heartbeatsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('heartbeats', () => {
    law('whoever beats is listed with its rhythm, since it was heard first', async ({ store, other }) => {
      const loop = { name: 'sender@a', kind: 'loop', slots: 0, everyMs: 10_000, silentMs: 300_000 } as const;
      await store.heartbeats.beatAll([
        { ...loop, at: T0 },
        { name: 'w1', kind: 'worker', slots: 4, at: T0 },
      ]);
      await store.heartbeats.beat({ ...loop, at: T0 + 9 });
      expect(await other.heartbeats.list()).toEqual([
        {
          name: 'w1',
          kind: 'worker',
          slots: 4,
          beatAt: T0,
          everyMs: 5000,
          silentMs: 30_000,
          registeredAt: T0,
          place: '',
        },
        {
          name: 'sender@a',
          kind: 'loop',
          slots: 0,
          beatAt: T0 + 9,
          everyMs: 10_000,
          silentMs: 300_000,
          registeredAt: T0,
          place: '',
        },
      ]);
      await store.heartbeats.leave('sender@a');
      expect(await other.heartbeats.list()).toMatchObject([{ name: 'w1' }]);
    });

    law('silence that was told stands on the board until it is heard or replaced', async ({ store }) => {
      const beat = (name: string, at: number) =>
        store.heartbeats.beat({ name, kind: 'worker', slots: 4, at });
      const tell = (name: string) =>
        store.runs.commit([{ ...nothing, upkeep: [{ kind: 'silent', names: [name] }], at: T0 + 40_000 }]);
      const board = async () => (await store.reader.figures(T0 + 60_000)).silent;
      await beat('w1', T0);
      expect(await board()).toEqual([]);
      await tell('w1');
      expect((await store.heartbeats.list())[0]?.silentAt).toBe(T0 + 40_000);
      expect(await board()).toEqual([{ name: 'w1', kind: 'worker', sinceMs: 60_000 }]);
      await beat('w1', T0 + 50_000);
      expect(await board()).toEqual([]);
      await tell('w1');
      expect(await board()).toHaveLength(1);
      await beat('w2', T0 + 55_000);
      expect(await board()).toEqual([]);
      await store.runs.commit([{ ...nothing, upkeep: [{ kind: 'forget', names: ['w1'] }], at: T0 }]);
      expect(await store.heartbeats.list()).toMatchObject([{ name: 'w2' }]);
    });
  });
};
