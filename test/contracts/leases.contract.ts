import { describe, expect } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const LEASE_MS = 100;

const takeFor = (holder: string) => (store: Store, at: number, over?: number) =>
  store.leases.take({
    name: 'ticks',
    holder,
    place: `place of ${holder}`,
    at,
    until: at + LEASE_MS,
    ...(over === undefined ? {} : { over }),
  });
const anaTakes = takeFor('ana');
const bobTakes = takeFor('bob');

const lease = (holder: string, fence: number, since: number, until = since + LEASE_MS) => ({
  name: 'ticks',
  holder,
  place: `place of ${holder}`,
  fence,
  since,
  until,
});

export const leasesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('named leases', () => {
    law('one holds it; the others learn who', async ({ store, other }) => {
      expect(await store.leases.list()).toEqual([]);
      expect(await anaTakes(store, T0)).toEqual(lease('ana', 1, T0));
      expect(await bobTakes(other, T0 + 99)).toEqual(lease('ana', 1, T0));
      expect(await other.leases.list()).toEqual([lease('ana', 1, T0)]);
    });

    law('renewing keeps fence and beginning', async ({ store, other }) => {
      await anaTakes(store, T0);
      expect(await anaTakes(store, T0 + 60)).toEqual(lease('ana', 1, T0, T0 + 160));
      expect(await bobTakes(other, T0 + 159)).toMatchObject({ holder: 'ana' });
    });

    law('when its time is over anybody may have it, and the fence grows', async ({ store, other }) => {
      await anaTakes(store, T0);
      expect(await bobTakes(other, T0 + 100)).toEqual(lease('bob', 2, T0 + 100));
      expect(await anaTakes(store, T0 + 101)).toMatchObject({ holder: 'bob' });
      // Whoever let it run out and comes back begins anew: something may have been done in between.
      expect(await bobTakes(other, T0 + 200)).toEqual(lease('bob', 3, T0 + 200));
    });

    law('given back it is free at once, and only its holder gives it back', async ({ store, other }) => {
      await anaTakes(store, T0);
      await other.leases.release({ name: 'ticks', holder: 'bob', fence: 1 });
      await other.leases.release({ name: 'ticks', holder: 'ana', fence: 7 });
      expect(await bobTakes(other, T0 + 1)).toMatchObject({ holder: 'ana' });
      await store.leases.release({ name: 'ticks', holder: 'ana', fence: 1 });
      expect(await other.leases.list()).toMatchObject([{ holder: 'ana', until: 0 }]);
      expect(await bobTakes(other, T0 + 2)).toMatchObject({ holder: 'bob', fence: 2 });
      // A release that comes late does not take it from its next holder.
      await store.leases.release({ name: 'ticks', holder: 'ana', fence: 1 });
      expect(await anaTakes(store, T0 + 3)).toMatchObject({ holder: 'bob' });
    });

    law('one whose holder is gone is taken before its time, by one only', async ({ store, other }) => {
      await anaTakes(store, T0);
      const heirs = await Promise.all([
        bobTakes(store, T0 + 1, 1),
        takeFor('cho')(other, T0 + 1, 1),
        takeFor('dan')(store, T0 + 1, 1),
      ]);
      const holders = new Set(heirs.map(({ holder, fence }) => `${holder} ${fence}`));
      expect(holders.size).toBe(1);
      expect([...holders][0]).toMatch(/^(bob|cho|dan) 2$/);
    });

    law('of many that ask at the same time one gets it', async ({ store, other }) => {
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, n) => takeFor(`p${n}`)(n % 2 === 0 ? store : other, T0)),
      );
      expect(new Set(all.map(({ holder }) => holder)).size).toBe(1);
      expect(all.map(({ fence }) => fence)).toEqual(all.map(() => 1));
    });

    law('names have nothing to do with one another', async ({ store }) => {
      await anaTakes(store, T0);
      const poller = { name: 'poller', holder: 'bob', place: '', at: T0, until: T0 + 1 };
      expect(await store.leases.take(poller)).toMatchObject({ holder: 'bob', fence: 1 });
      expect((await store.leases.list()).map(({ name }) => name)).toEqual(['poller', 'ticks']);
    });
  });
};
