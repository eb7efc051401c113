import { describe, expect } from 'vitest';
import type { NamedLease } from '../../src/core/ports/leases.ts';
import { dice } from './dice.ts';
import { T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const HOLDERS = ['ana', 'bob', 'cho'] as const;
const NAMES = ['ticks', 'poller'] as const;
const TICK_MS = 10;
const LEASE_MS = 4 * TICK_MS;

/** What `ILeases` promises of one name: who has it after somebody asks. */
const taken = (
  lease: NamedLease | undefined,
  asked: { name: string; holder: string; at: number; over: number | undefined },
): NamedLease => {
  const { name, holder, at, over } = asked;
  const mine = { name, holder, place: holder, until: at + LEASE_MS };
  if (lease === undefined) return { ...mine, fence: 1, since: at };
  if (lease.holder === holder && lease.until > at) return { ...lease, until: at + LEASE_MS };
  const isFree = lease.holder === holder || lease.until <= at || lease.fence === over;
  return isFree ? { ...mine, fence: lease.fence + 1, since: at } : lease;
};

export const leaseHistoriesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('named leases over long histories', () => {
    law('have one holder each, and a fence that grows with every other one', async ({ store, other }) => {
      const roll = dice(9);
      const leases = new Map<string, NamedLease>();
      let at = T0;
      for (let n = 0; n < 150; n += 1) {
        at += TICK_MS * roll.below(2);
        const [door, name, holder] = [roll.among([store, other]), roll.among(NAMES), roll.among(HOLDERS)];
        const now = leases.get(name);
        if (roll.isRare() && now !== undefined) {
          const fence = now.fence - roll.below(2);
          if (now.holder === holder && now.fence === fence) leases.set(name, { ...now, until: 0 });
          await door.leases.release({ name, holder, fence });
        } else {
          const over = roll.isRare() ? now?.fence : undefined;
          const lease = taken(now, { name, holder, at, over });
          leases.set(name, lease);
          const until = at + LEASE_MS;
          const asked = { name, holder, place: holder, at, until, ...(over === undefined ? {} : { over }) };
          expect(await door.leases.take(asked)).toEqual(lease);
        }
      }
      const byName = [...leases.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect(await other.leases.list()).toEqual(byName);
      expect(Math.min(...byName.map(({ fence }) => fence))).toBeGreaterThan(5);
    });
  });
};
