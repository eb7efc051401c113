import { describe, expect } from 'vitest';
import type { Person } from '../../src/core/people/person.ts';
import type { PeopleChange } from '../../src/core/ports/people.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { firstFault, link } from '../../src/core/runs/chain.ts';
import { ana, nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const bob: Person = {
  id: 'bob',
  name: 'Bob',
  roles: [],
  identities: ['telegram:2', 'dev:bob'],
  timezone: 'Europe/Rome',
};
const zed: Person = { id: 'telegram:9', name: 'Zed', roles: ['owner'], identities: ['telegram:9'] };

const change = (store: Store, ...upkeep: readonly PeopleChange[]) =>
  store.runs.commit([{ ...nothing, upkeep, at: T0 }]);

/** One record, and where it stands. */
const record = async (store: Store, type: string, at = T0) => {
  const head = await store.runs.head('system');
  return { expectedSeq: head.seq, events: link('system', head, [{ type, at, actor: 'x', payload: {} }]) };
};

const made = (over: Partial<Extract<PeopleChange, { kind: 'code_made' }>> = {}): PeopleChange => ({
  kind: 'code_made',
  codeHash: 'c',
  purpose: 'admit',
  until: T0 + 10,
  identity: 'telegram:9',
  address: 'telegram:9',
  name: 'Zed',
  ...over,
});

export const peopleContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('people of the file', () => {
    law('a person is found by every identity, as the file says', async ({ store, other }) => {
      await store.people.replaceFilePeople([bob, ana], T0);
      expect(await other.people.find('dev:bob')).toEqual(bob);
      expect(await other.people.find('telegram:2')).toEqual(bob);
      expect(await other.people.find('telegram:3')).toBeUndefined();
      expect(await store.people.list()).toEqual([ana, bob]);
      expect(await store.people.members()).toEqual([
        { person: ana, source: 'file', since: T0, inChat: [] },
        { person: bob, source: 'file', since: T0, inChat: [] },
      ]);
    });

    law('who left the file has nothing left; who was admitted in chat stays', async ({ store }) => {
      await store.people.replaceFilePeople([ana, bob], T0);
      await change(
        store,
        { kind: 'person_admitted', person: zed },
        { kind: 'identity_linked', identity: 'telegram:22', personId: 'bob' },
        { kind: 'identity_linked', identity: 'telegram:11', personId: 'ana' },
      );
      await store.people.replaceFilePeople([{ ...ana, roles: ['viewer'], identities: ['dev:anna'] }], T0 + 1);
      for (const gone of ['dev:bob', 'telegram:22', 'dev:ana']) {
        expect(await store.people.find(gone)).toBeUndefined();
      }
      const anna = { id: 'ana', roles: ['viewer'], identities: ['dev:anna', 'telegram:11'] };
      expect(await store.people.find('dev:anna')).toMatchObject(anna);
      expect(await store.people.find('telegram:9')).toEqual(zed);
      expect(await store.people.members()).toMatchObject([
        { person: anna, source: 'file', since: T0, inChat: ['telegram:11'] },
        { person: zed, source: 'chat', since: T0, inChat: ['telegram:9'] },
      ]);
    });

    law(
      'what the file gives to somebody is theirs, and nobody is left without an account',
      async ({ store }) => {
        await change(store, { kind: 'person_admitted', person: zed });
        await store.people.replaceFilePeople([{ ...bob, identities: ['telegram:2', 'telegram:9'] }], T0);
        expect(await store.people.find('telegram:9')).toMatchObject({ id: 'bob' });
        expect((await store.people.list()).map(({ id }) => id)).toEqual(['bob']);
      },
    );

    law('with records it is all or nothing, and only as the newest', async ({ store, other }) => {
      const late = await record(store, 'IdentityMoved');
      expect(await other.people.replaceFilePeople([ana], T0, await record(other, 'First'))).toBe('replaced');
      expect(await store.people.replaceFilePeople([bob], T0, late)).toBe('stale_version');
      expect(await store.people.list()).toEqual([ana]);
      const history = await store.runs.history('system');
      expect(history.map(({ type }) => type)).toEqual(['First']);
      expect(firstFault(history)).toBeUndefined();
      expect((await store.runs.head('system')).seq).toBe(1);
    });
  });

  describe('people of the chat', () => {
    law('an identity that somebody has is not taken by admitting or linking', async ({ store, other }) => {
      await store.people.replaceFilePeople([ana, bob], T0);
      await change(
        other,
        { kind: 'person_admitted', person: { ...zed, identities: ['telegram:9', 'dev:bob'] } },
        { kind: 'identity_linked', identity: 'telegram:2', personId: 'ana' },
        { kind: 'identity_linked', identity: 'telegram:5', personId: 'nobody' },
      );
      expect(await store.people.find('dev:bob')).toEqual(bob);
      expect(await store.people.find('telegram:2')).toEqual(bob);
      expect(await store.people.find('telegram:5')).toBeUndefined();
      expect(await store.people.find('telegram:9')).toEqual(zed);
    });

    law(
      'whoever holds one of some ids or roles is found, in order and with a limit',
      async ({ store, other }) => {
        await store.people.replaceFilePeople([bob, ana], T0);
        await change(store, { kind: 'person_admitted', person: { ...zed, roles: ['dba', 'viewer'] } });
        const held = async (ids: readonly string[], roles: readonly string[], limit = 10) =>
          (await other.people.holding({ ids, roles, limit })).map(({ id }) => id);
        const all = await store.people.list();
        const roles = [...new Set(all.flatMap((person) => person.roles))];
        expect(await held([], roles)).toEqual(
          all.filter((person) => person.roles.length > 0).map(({ id }) => id),
        );
        expect(await held([], ['viewer'])).toEqual([zed.id]);
        expect(await held(['bob'], ['dba'])).toEqual(['bob', zed.id]);
        expect(await held(['bob', 'nobody'], ['view', 'constructor'])).toEqual(['bob']);
        expect(await held([], [])).toEqual([]);
        expect(await held(['ana', 'bob'], ['dba'], 2)).toEqual(['ana', 'bob']);
        expect(await other.people.holding({ ids: ['bob'], roles: [], limit: 1 })).toEqual([bob]);
      },
    );

    law('one linked in chat can be unlinked, one of the file cannot', async ({ store, other }) => {
      await store.people.replaceFilePeople([ana], T0);
      await change(store, { kind: 'identity_linked', identity: 'telegram:1', personId: 'ana' });
      expect(await other.people.find('telegram:1')).toMatchObject({ identities: ['dev:ana', 'telegram:1'] });
      await change(
        store,
        { kind: 'identity_unlinked', identity: 'telegram:1' },
        { kind: 'identity_unlinked', identity: 'dev:ana' },
      );
      expect(await other.people.list()).toEqual([ana]);
    });

    law('who is revoked is gone with every identity, code and proposal; the file stays', async (backend) => {
      const { store, other } = backend;
      const name = 'queue.retry.max_attempts.http';
      await store.people.replaceFilePeople([ana], T0);
      await change(
        store,
        { kind: 'person_admitted', person: zed },
        { kind: 'identity_linked', identity: 'dev:zed', personId: zed.id },
        made({ codeHash: 'by-account', identity: 'dev:zed' }),
        made({ codeHash: 'for-person', identity: 'dev:old', purpose: 'link', personId: zed.id }),
        made({ codeHash: 'of-others', identity: 'telegram:8' }),
      );
      await store.runs.commit([
        {
          ...nothing,
          upkeep: [{ kind: 'gate_proposed', name, value: 3, personId: zed.id, by: 'user:telegram:9' }],
          at: T0,
        },
      ]);
      await change(
        store,
        { kind: 'person_revoked', personId: zed.id },
        { kind: 'person_revoked', personId: 'ana' },
      );
      expect(await other.people.list()).toEqual([ana]);
      expect(await other.people.find('dev:zed')).toBeUndefined();
      const used = await Promise.all(
        ['by-account', 'for-person', 'of-others'].map(async (hash) => (await other.people.code(hash))?.used),
      );
      expect(used).toEqual([true, true, false]);
      expect((await other.gates.list()).find((gate) => gate.name === name)?.proposed).toBeUndefined();
    });
  });

  describe('one-time codes', () => {
    law('are kept by their hash with what they are for, and closed once', async ({ store, other }) => {
      expect(await store.people.code('c')).toBeUndefined();
      await change(store, made({ purpose: 'link', personId: 'ana' }));
      const code = {
        codeHash: 'c',
        purpose: 'link',
        until: T0 + 10,
        identity: 'telegram:9',
        address: 'telegram:9',
        name: 'Zed',
        personId: 'ana',
      };
      expect(await other.people.code('c')).toEqual({ ...code, used: false });
      await change(other, { kind: 'code_closed', codeHash: 'c' });
      expect(await store.people.code('c')).toEqual({ ...code, used: true });
      await store.people.addCode({ codeHash: 'd', purpose: 'claim_owner', until: T0, at: T0 });
      expect(await other.people.code('d')).toEqual({
        codeHash: 'd',
        purpose: 'claim_owner',
        until: T0,
        used: false,
      });
    });

    law(
      'are counted for who asks, and for all who wait; void ones are forgotten after a day',
      async (backend) => {
        const { store, other } = backend;
        await change(
          store,
          made({ codeHash: 'a' }),
          made({ codeHash: 'b', identity: 'telegram:8' }),
          made({ codeHash: 'l', purpose: 'link', personId: 'ana' }),
        );
        await change(store, { kind: 'code_closed', codeHash: 'a' });
        const figures = (at: number, since = T0 - 1) =>
          other.people.codeFigures({ identity: 'telegram:9', since, at });
        expect(await figures(T0 + 9)).toEqual({ own: 2, waiting: 1 });
        expect(await figures(T0 + 10)).toEqual({ own: 2, waiting: 0 });
        expect(await figures(T0 + 10, T0)).toEqual({ own: 0, waiting: 0 });
        const tomorrow = T0 + 25 * 60 * 60_000;
        await store.runs.commit([{ ...nothing, upkeep: [made({ codeHash: 'n' })], at: tomorrow }]);
        expect(await other.people.code('b')).toBeUndefined();
      },
    );
  });
};
