import { describe, expect } from 'vitest';
import type { Person } from '../../src/core/people/person.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { firstFault, link } from '../../src/core/runs/chain.ts';
import { ana, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const bob: Person = {
  id: 'bob',
  name: 'Bob',
  roles: [],
  identities: ['telegram:2', 'dev:bob'],
  timezone: 'Europe/Rome',
};
const owner: Person = { id: 'telegram:9', name: 'Ola', roles: ['owner'], identities: ['telegram:9'] };

const claim = async (store: Store, codeHash: string, at = T0) => {
  const head = await store.runs.head('system');
  const [record] = link('system', head, [
    { type: 'OwnerClaimed', at, actor: 'user:telegram:9', payload: {} },
  ]);
  if (record === undefined) throw new Error('one event was linked into none');
  return { codeHash, person: owner, record, expectedSeq: head.seq, at };
};

export const peopleContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('people', () => {
    law('a person is found by every identity, as the file says', async ({ store, other }) => {
      await store.people.replaceFilePeople([bob, ana], T0);
      expect(await other.people.find('dev:bob')).toEqual(bob);
      expect(await other.people.find('telegram:2')).toEqual(bob);
      expect(await other.people.find('telegram:3')).toBeUndefined();
      expect(await store.people.list()).toEqual([ana, bob]);
    });

    law('who left the file has no rights left; who was admitted in chat stays', async ({ store }) => {
      await store.people.replaceFilePeople([ana, bob], T0);
      await store.people.addCode({ codeHash: 'c', purpose: 'claim_owner', until: T0 + 10, at: T0 });
      await store.people.claimOwner(await claim(store, 'c'));
      await store.people.replaceFilePeople([{ ...ana, roles: ['viewer'], identities: ['dev:anna'] }], T0);
      expect(await store.people.find('dev:bob')).toBeUndefined();
      expect(await store.people.find('dev:ana')).toBeUndefined();
      expect(await store.people.find('dev:anna')).toMatchObject({ id: 'ana', roles: ['viewer'] });
      expect(await store.people.find('telegram:9')).toEqual(owner);
    });

    law('a code is used once, in time, and on record', async ({ store, other }) => {
      expect(await store.people.claimOwner(await claim(store, 'unknown'))).toBe('taken');
      await store.people.addCode({ codeHash: 'old', purpose: 'claim_owner', until: T0, at: T0 });
      expect(await store.people.claimOwner(await claim(store, 'old'))).toBe('taken');
      await store.people.addCode({ codeHash: 'c', purpose: 'claim_owner', until: T0 + 10, at: T0 });
      const p = await claim(store, 'c');
      const outcomes = await Promise.all([store.people.claimOwner(p), other.people.claimOwner(p)]);
      expect(outcomes.toSorted()).toEqual(['claimed', 'taken']);
      expect(firstFault(await store.runs.history('system'))).toBeUndefined();
      expect((await store.runs.head('system')).seq).toBe(1);
    });

    law('a claim that met a newer record uses nothing up', async ({ store }) => {
      await store.people.addCode({ codeHash: 'c', purpose: 'claim_owner', until: T0 + 10, at: T0 });
      await store.people.addCode({ codeHash: 'd', purpose: 'claim_owner', until: T0 + 10, at: T0 });
      const late = await claim(store, 'c');
      expect(await store.people.claimOwner(await claim(store, 'd'))).toBe('claimed');
      expect(await store.people.claimOwner(late)).toBe('stale_version');
      expect(await store.people.claimOwner(await claim(store, 'c'))).toBe('claimed');
    });
  });
};
