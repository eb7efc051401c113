import { expect } from 'vitest';
import { takeFilePeople } from '../../src/core/flows/people/file-people.ts';
import { admitZed, codeFor, recorded, withOwners } from './codes.ts';
import { owners, residents } from './residents.ts';
import { onEveryStore } from './town.ts';

const spare = { from: { identity: 'telegram:77', name: 'Somebody' } };

onEveryStore((story) => {
  story(
    'a vote of somebody who is revoked before the claim does not start the run',
    async (town) => {
      await admitZed(town, 'approver');
      const ops = town.chat('telegram:-100');
      const runId = await ops.asks('ana', 'run backup');
      await town.chat('telegram:99').says('zed', `yes ${runId}`);
      expect((await town.run(runId)).status).toBe('Dispatching');
      const ola = town.chat('telegram:45');
      await ola.hears();
      await ola.says('ola', '/revoke Zed');
      expect(await ola.hears()).toEqual([
        'zed (telegram:99) is revoked: no account, no role, and no vote that has not started a run yet.',
      ]);
      expect((await town.worker().takes()).start).toEqual({ kind: 'nothing', why: 'AwaitingApproval' });
      expect(await town.run(runId)).toMatchObject({
        status: 'AwaitingApproval',
        because: 'voided',
        votes: [],
      });
      expect((await town.events(runId)).slice(-2)).toEqual(['ApprovalVoided', 'ApprovalRequested']);
    },
    withOwners,
  );

  story(
    'who is revoked is a stranger on every account at once, and no code of theirs is good',
    async (town) => {
      await admitZed(town, 'owner');
      const first = town.chat('telegram:99');
      const second = town.chat('telegram:77');
      await second.says('zed', `link ${await codeFor(first, 'zed')}`, spare);
      const left = await codeFor(first, 'zed');
      await town.chat('telegram:45').says('ola', '/revoke telegram:77');
      await first.hears();
      await second.hears();
      await first.says('zed', 'ops');
      await second.says('zed', 'ops', spare);
      expect(await first.hears()).toEqual([expect.stringMatching(/^I do not know you yet\./)]);
      expect(await second.hears()).toEqual([expect.stringMatching(/^I do not know you yet\./)]);
      expect(await second.says('zed', `link ${left}`, spare)).toMatchObject({ refused: 'code_void' });
      await admitZed(town, 'viewer');
      expect(await second.says('zed', `link ${left}`, spare)).toMatchObject({ refused: 'code_void' });
      expect(
        (await town.store.runs.history('system')).find(({ type }) => type === 'PersonRevoked'),
      ).toMatchObject({
        actor: 'user:telegram:45',
        payload: { personId: 'telegram:99', roles: ['owner'], identities: ['telegram:99', 'telegram:77'] },
      });
    },
    withOwners,
  );

  story(
    'the file is the place for its own people, and somebody stays owner',
    async (town) => {
      const ola = town.chat('telegram:45');
      await ola.says('ola', '/revoke bob');
      await ola.says('ola', '/revoke Bobb');
      expect(await town.chat('telegram:42').says('bob', '/revoke zed')).toMatchObject({
        refused: 'owner_needed',
      });
      await admitZed(town, 'owner');
      await takeFilePeople(town.store, residents);
      expect(await town.chat('telegram:99').says('zed', '/revoke zed')).toMatchObject({
        refused: 'last_owner',
      });
      expect((await ola.hears()).slice(0, 2)).toEqual([
        'Bob stands in the file; that is the place to take rights away. Nothing changed.',
        'Nobody is called "Bobb". Did you mean "Bob"? See /people',
      ]);
      expect((await town.chat('telegram:99').hears()).at(-1)).toBe(
        'zed is the last owner and stays: nobody could admit anybody any more.',
      );
      expect(await recorded(town)).toEqual(['CodeMade', 'PersonAdmitted']);
    },
    withOwners,
  );

  story(
    'of two owners who revoke each other at the same moment, one stays',
    async (town) => {
      await admitZed(town, 'owner');
      const yan = { from: { identity: 'telegram:98', name: 'Yan' } };
      const code = await codeFor(town.chat('telegram:98'), 'yan', yan);
      await town.chat('telegram:99').says('zed', `/admit ${code} owner`);
      await takeFilePeople(town.store, residents);
      const done = await Promise.all([
        town.chat('telegram:99').says('zed', '/revoke Yan'),
        town.chat('telegram:98').says('yan', '/revoke zed', yan),
      ]);
      // Whoever came second is refused, or unknown by the time that the message is looked at.
      const revoked = done.filter((one) => one?.intent === 'Revoke' && one.refused === undefined);
      expect(revoked).toHaveLength(1);
      const left = (await town.store.people.list()).filter(({ roles }) => roles.includes('owner'));
      expect(left).toHaveLength(1);
    },
    withOwners,
  );

  story(
    'one unlinks one’s own accounts, an owner anybody’s; never the last one, never one of the file',
    async (town) => {
      await admitZed(town, 'operator');
      const zed = town.chat('telegram:99');
      const second = town.chat('telegram:77');
      expect(await zed.says('zed', '/unlink telegram:99')).toMatchObject({ refused: 'last_identity' });
      expect(await zed.says('zed', '/unlink telegram:41')).toMatchObject({ refused: 'unknown_identity' });
      expect(await town.chat('telegram:41').says('ana', '/unlink telegram:41')).toMatchObject({
        refused: 'identity_of_file',
      });
      await second.says('zed', `link ${await codeFor(zed, 'zed')}`, spare);
      await zed.hears();
      await second.says('zed', '/unlink telegram:99', spare);
      expect(await zed.hears()).toEqual([]);
      await zed.says('zed', 'ops');
      expect(await zed.hears()).toEqual([expect.stringMatching(/^I do not know you yet\./)]);
      await zed.says('zed', `link ${await codeFor(second, 'zed', spare)}`);
      await second.hears();
      await town.chat('telegram:45').says('ola', '/unlink telegram:99');
      expect(await second.hears()).toEqual([
        'telegram:99 was unlinked from you. If that was not you, tell an owner.',
      ]);
      expect(await recorded(town)).toEqual([
        'CodeMade',
        'PersonAdmitted',
        'CodeMade',
        'IdentityLinked',
        'IdentityUnlinked',
        'CodeMade',
        'IdentityLinked',
        'IdentityUnlinked',
      ]);
    },
    withOwners,
  );

  story(
    'a reload of the file leaves those alone who came in chat, unless it gives their account away',
    async (town) => {
      await admitZed(town, 'operator');
      const ana = town.chat('telegram:41');
      await town.chat('telegram:77').says('zed', `link ${await codeFor(ana, 'ana')}`, spare);
      expect(await takeFilePeople(town.store, [...residents, ...owners])).toEqual([]);
      expect(await town.store.people.find('telegram:99')).toMatchObject({ roles: ['operator'] });
      expect(await town.store.people.find('telegram:77')).toMatchObject({ id: 'ana' });
      expect(await recorded(town)).toHaveLength(4);
      const max = { id: 'max', name: 'Max', roles: ['viewer'], identities: ['telegram:99', 'telegram:77'] };
      expect(await takeFilePeople(town.store, [...residents, ...owners, max])).toMatchObject([
        { identity: 'telegram:77', from: { id: 'ana' }, to: { id: 'max' }, last: false },
        { identity: 'telegram:99', from: { id: 'telegram:99' }, to: { id: 'max' }, last: true },
      ]);
      expect(await town.store.people.find('telegram:99')).toEqual(max);
      expect((await town.store.people.list()).map(({ id }) => id)).not.toContain('telegram:99');
      expect((await town.store.runs.history('system')).slice(4)).toMatchObject([
        { type: 'IdentityMoved', actor: 'system:file', payload: { identity: 'telegram:77', to: 'max' } },
        { type: 'IdentityMoved', actor: 'system:file', payload: { identity: 'telegram:99', to: 'max' } },
        { type: 'PersonRevoked', actor: 'system:file', payload: { personId: 'telegram:99' } },
      ]);
    },
    withOwners,
  );

  story(
    'the list says who is known, as what, and who said so',
    async (town) => {
      await admitZed(town, 'operator');
      const ola = town.chat('telegram:45');
      await town
        .chat('telegram:77')
        .says('zed', `link ${await codeFor(town.chat('telegram:41'), 'ana')}`, spare);
      await ola.hears();
      await ola.says('ola', '/people');
      const [list = ''] = await ola.hears();
      expect(list.split('\n').slice(0, 2)).toEqual([
        '8 people · /admit CODE ROLE · /revoke PERSON',
        'Ana · operator · telegram:41, dev:ana, telegram:77 (linked in chat) · from the file',
      ]);
      expect(list).toContain('\nEve · no role · telegram:44, dev:eve · from the file\n');
      expect(list).toMatch(/\nzed · operator · telegram:99 · admitted \d{4}-\d\d-\d\d$/);
      expect(await town.chat('telegram:41').says('ana', '/people')).toMatchObject({
        refused: 'owner_needed',
      });
      expect(await town.chat('telegram:-100').says('ola', '/people')).toMatchObject({
        refused: 'private_only',
      });
    },
    withOwners,
  );
});
