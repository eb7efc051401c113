import { describe, expect } from 'vitest';
import type { Person } from '../../src/core/people/person.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Upkeep } from '../../src/core/ports/upkeep.ts';
import { ana, nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const HOUR = 60 * 60_000;

const keep = (store: Store, at: number, ...upkeep: readonly Upkeep[]) =>
  store.runs.commit([{ ...nothing, upkeep, at }]);

const created = (name: string, over: { personId?: string; expiresAt?: number } = {}): Upkeep => ({
  kind: 'token_created',
  token: {
    name,
    tokenHash: `hash of ${name}`,
    roles: ['requester'],
    createdAt: T0,
    createdBy: 'user:cli:local',
    ...over,
  },
});

export const tokensContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('tokens of the HTTP interface', () => {
    law('are found by their hash, as they were made', async ({ store, other }) => {
      expect(await store.tokens.find('hash of ci')).toBeUndefined();
      await keep(store, T0, created('screen', { personId: 'ana', expiresAt: T0 + 5 }), created('ci'));
      const base = { roles: ['requester'], createdAt: T0, createdBy: 'user:cli:local' };
      const ci = { ...base, name: 'ci', tokenHash: 'hash of ci' };
      const screen = { ...base, name: 'screen', tokenHash: 'hash of screen' };
      expect(await other.tokens.find('hash of ci')).toEqual(ci);
      expect(await other.tokens.list()).toEqual([ci, { ...screen, personId: 'ana', expiresAt: T0 + 5 }]);
      expect(await other.tokens.find('ci')).toBeUndefined();
    });

    law('a name is given once, and a hash too', async ({ store, other }) => {
      await keep(store, T0, created('ci'));
      await expect(keep(other, T0, created('ci'))).rejects.toThrow('such a row already');
      const twin = { name: 'twin', tokenHash: 'hash of ci', roles: ['owner'], createdAt: T0, createdBy: 'x' };
      await expect(keep(other, T0, { kind: 'token_created', token: twin })).rejects.toThrow(
        'such a row already',
      );
      expect(await store.tokens.list()).toHaveLength(1);
    });

    law('one that is revoked says so at once everywhere, and from when', async ({ store, other }) => {
      await keep(store, T0, created('ci'), created('cd'));
      expect((await other.tokens.find('hash of ci'))?.revokedAt).toBeUndefined();
      await keep(store, T0 + 7, { kind: 'token_revoked', name: 'ci' });
      expect((await other.tokens.find('hash of ci'))?.revokedAt).toBe(T0 + 7);
      await keep(store, T0 + 9, { kind: 'token_revoked', name: 'ci' });
      expect((await other.tokens.list()).map(({ revokedAt }) => revokedAt)).toEqual([undefined, T0 + 7]);
    });

    law('its use is noted once an hour', async ({ store, other }) => {
      await keep(store, T0, created('ci'), created('cd'));
      const noted = async () => (await other.tokens.find('hash of ci'))?.lastUsedAt;
      for (const [used, kept] of [
        [T0 + 1, T0 + 1],
        [T0 + HOUR, T0 + 1],
        [T0 + HOUR + 1, T0 + HOUR + 1],
        [T0 + 2, T0 + HOUR + 1],
      ] as const) {
        await store.tokens.touch('ci', used);
        expect(await noted()).toBe(kept);
      }
      expect((await other.tokens.find('hash of cd'))?.lastUsedAt).toBeUndefined();
    });

    law('go with the person who is revoked, and with nobody else', async ({ store, other }) => {
      const zed: Person = { id: 'telegram:9', name: 'Zed', roles: ['viewer'], identities: ['telegram:9'] };
      await store.people.replaceFilePeople([ana], T0);
      await keep(store, T0, { kind: 'person_admitted', person: zed });
      await keep(
        store,
        T0,
        created('zed-laptop', { personId: zed.id }),
        created('ana-laptop', { personId: 'ana' }),
        created('ci'),
      );
      await keep(
        store,
        T0 + 3,
        { kind: 'person_revoked', personId: zed.id },
        { kind: 'person_revoked', personId: 'ana' },
      );
      expect((await other.tokens.list()).map(({ name, revokedAt }) => [name, revokedAt])).toEqual([
        ['ana-laptop', undefined],
        ['ci', undefined],
        ['zed-laptop', T0 + 3],
      ]);
    });
  });
};
