import { expect } from 'vitest';
import { CODES_MAX, WAITING_MAX } from '../../src/core/people/code.ts';
import { minutes } from '../cast.ts';
import { admitZed, codeFor, recorded, withOwners } from './codes.ts';
import { onEveryStore } from './town.ts';

const VOID = 'I know no such code, or it was used or is too old. For a new one: /link';

onEveryStore((story) => {
  story(
    'a stranger gets a code, an owner admits with it, and the new operator asks for a run',
    async (town) => {
      const zed = town.chat('telegram:99');
      const ola = town.chat('telegram:45');
      await zed.says('zed', '/link');
      const [told = ''] = await zed.hears();
      const code = /[0-9A-Z-]{16}/.exec(told)?.[0] ?? '';
      expect(told).toBe(
        `Give this code to an owner: ${code}. It is valid for 10 min.\n` +
          `The owner types: /admit ${code} operator (or another role).\n` +
          'Until then I answer only /help and /link.',
      );
      await zed.says('zed', 'run backup');
      expect(await zed.hears()).toEqual([expect.stringMatching(/^I do not know you yet\./)]);
      await ola.says('ola', `/admit ${code.toLowerCase().replaceAll('-', '')} operator`);
      expect(await ola.hears()).toEqual(['zed (telegram:99) is now linked as operator. Undo: /revoke zed']);
      expect(await zed.hears()).toEqual(['Ola admitted you as operator. Try: /jobs']);
      const runId = await zed.asks('zed', 'run backup');
      await town.chat('telegram:42').says('bob', `yes ${runId}`);
      expect((await town.run(runId)).status).toBe('Dispatching');
      expect(await town.store.runs.history('system')).toMatchObject([
        { type: 'CodeMade', actor: 'user:telegram:99', payload: { purpose: 'admit' } },
        {
          type: 'PersonAdmitted',
          actor: 'user:telegram:45',
          payload: { personId: 'telegram:99', name: 'zed', roles: ['operator'], identities: ['telegram:99'] },
        },
      ]);
      const text = JSON.stringify(await town.store.runs.history('system'));
      expect(text).not.toContain(code);
      expect(text).not.toContain(code.replaceAll('-', ''));
    },
    withOwners,
  );

  story(
    'an owner gives the name that cards show, and no name is given twice',
    async (town) => {
      const ola = town.chat('telegram:45');
      const code = await codeFor(town.chat('telegram:99'), 'zed');
      expect(await ola.says('ola', `/admit ${code} dba,operator Bob`)).toMatchObject({
        refused: 'name_taken',
      });
      await ola.says('ola', `/admit ${code} dba,operator Zed Miller`);
      expect(await ola.hears()).toEqual([
        'There is a Bob already. Give another name: /admit CODE ROLE NAME',
        'Zed Miller (telegram:99) is now linked as dba, operator. Undo: /revoke Zed Miller',
      ]);
      expect(await town.store.people.find('telegram:99')).toMatchObject({
        name: 'Zed Miller',
        roles: ['dba', 'operator'],
      });
    },
    withOwners,
  );

  story(
    'only an owner admits, only in private, only as something that means something here',
    async (town) => {
      const code = await codeFor(town.chat('telegram:99'), 'zed');
      const ola = town.chat('telegram:45');
      const group = town.chat('telegram:-100');
      const bob = town.chat('telegram:42');
      expect(await bob.says('bob', `/admit ${code} operator`)).toMatchObject({ refused: 'owner_needed' });
      expect(await group.says('ola', '/admit 7F3K-2QMN-9XV4-C operator')).toMatchObject({
        refused: 'private_only',
      });
      expect(await ola.says('ola', `/admit ${code}`)).toMatchObject({ refused: 'role_missing' });
      expect(await ola.says('ola', `/admit ${code} aprover`)).toMatchObject({ refused: 'unknown_role' });
      expect(await ola.says('ola', '/admit 7F3K-2QMN-9XV4-C operator')).toMatchObject({
        refused: 'code_void',
      });
      expect(await bob.hears()).toEqual(['Only an owner does that. Nothing changed.']);
      expect(await group.hears()).toEqual([
        'That is for a private chat with me, where nobody reads along. Nothing changed.',
      ]);
      expect(await ola.hears()).toEqual([
        'Admit as what? Try: /admit CODE operator',
        'No role called "aprover". Did you mean "approver"? Nothing changed.',
        VOID,
      ]);
      expect(await town.store.people.find('telegram:99')).toBeUndefined();
      expect(await ola.says('ola', `/admit ${code} approver`)).not.toHaveProperty('refused');
      expect(await ola.says('ola', `/admit ${code} approver`)).toMatchObject({ refused: 'already_known' });
    },
    withOwners,
  );

  story(
    'a code is good for ten minutes and for what it was made for',
    async (town) => {
      const zed = town.chat('telegram:99');
      const ola = town.chat('telegram:45');
      const admits = await codeFor(zed, 'zed');
      const links = await codeFor(ola, 'ola');
      await zed.says('zed', `/start claim_${admits.replaceAll('-', '')}`);
      expect(await zed.says('zed', `link ${admits}`)).toMatchObject({ refused: 'code_void' });
      expect(await ola.says('ola', `/admit ${links} operator`)).toMatchObject({ refused: 'code_void' });
      town.passes(minutes(10));
      expect(await ola.says('ola', `/admit ${admits} operator`)).toMatchObject({ refused: 'code_void' });
      expect(await zed.says('zed', `link ${links}`)).toMatchObject({ refused: 'code_void' });
      expect(await recorded(town)).toEqual(['CodeMade', 'CodeMade']);
      expect(await town.store.people.find('telegram:99')).toBeUndefined();
    },
    withOwners,
  );

  story(
    'in a group no code is made, and a stranger is not even answered',
    async (town) => {
      const group = town.chat('telegram:-100');
      expect(await group.says('ana', '/link')).toMatchObject({ refused: 'private_only' });
      await group.says('zed', '/link');
      await town.chat('telegram:99').says('zed', '/link', { disqualified: 'forwarded' });
      expect(await group.hears()).toEqual([
        'That is for a private chat with me, where nobody reads along. Nothing changed.',
      ]);
      expect(await town.chat('telegram:99').hears()).toEqual([]);
      expect(await recorded(town)).toEqual([]);
    },
    withOwners,
  );

  story(
    'nobody gets more than so many codes an hour',
    async (town) => {
      const zed = town.chat('telegram:99');
      for (let count = 0; count < CODES_MAX; count += 1) await codeFor(zed, 'zed');
      expect(await zed.says('zed', '/link')).toMatchObject({ refused: 'codes_spent' });
      expect(await zed.hears()).toEqual([
        'You asked for 5 codes within an hour; wait a while, or use one of them.',
      ]);
      await codeFor(town.chat('telegram:41'), 'ana');
      town.passes(minutes(60));
      await codeFor(zed, 'zed');
      expect(await recorded(town)).toHaveLength(CODES_MAX + 2);
    },
    withOwners,
  );

  story(
    'a flood of strangers makes no run, no more codes than may wait, and no second answer',
    async (town) => {
      const strangers = Array.from({ length: WAITING_MAX + 10 }, (_, index) => `telegram:${5000 + index}`);
      for (const identity of strangers) {
        const from = { identity, name: identity };
        for (const words of ['/start', 'run backup', 'yes K7M2QX', '/link']) {
          await town.chat(identity).says('zed', words, { from });
        }
      }
      const rings = await town.rings();
      expect(rings).toHaveLength(2 * strangers.length);
      const tooMany = /^Too many people wait to be let in at present/;
      expect(rings.filter(({ text }) => tooMany.test(text))).toHaveLength(10);
      expect(rings.map(({ text }) => text).join('\n')).not.toMatch(/backup|K7M2QX|Ana|Ola/);
      expect((await town.store.runs.list({ limit: 5 })).runs).toEqual([]);
      expect(await recorded(town)).toEqual(Array.from({ length: WAITING_MAX }, () => 'CodeMade'));
      await codeFor(town.chat('telegram:41'), 'ana');
      town.passes(minutes(10));
      await codeFor(town.chat('telegram:99'), 'zed');
    },
    withOwners,
  );

  story(
    'of two owners who admit by the same code at the same moment, one does',
    async (town) => {
      const code = await codeFor(town.chat('telegram:99'), 'zed');
      const done = await Promise.all([
        town.chat('telegram:45').says('ola', `/admit ${code} approver Zed`),
        town.chat('telegram:47').says('kim', `/admit ${code} operator Max`),
      ]);
      expect(done.map((handled) => handled?.refused ?? 'yes').toSorted()).toEqual(['already_known', 'yes']);
      const people = await town.store.people.list();
      expect(people.filter(({ identities }) => identities.includes('telegram:99'))).toHaveLength(1);
      expect(await recorded(town)).toEqual(['CodeMade', 'PersonAdmitted']);
    },
    withOwners,
  );

  story(
    'whoever stops being an owner while admitting admits nobody',
    async (town) => {
      await admitZed(town, 'owner');
      const yan = { from: { identity: 'telegram:98', name: 'Yan' } };
      const code = await codeFor(town.chat('telegram:98'), 'yan', yan);
      town.meanwhile(() => town.chat('telegram:45').says('ola', '/revoke zed'));
      const admitted = await town.chat('telegram:99').says('zed', `/admit ${code} owner`);
      expect(admitted).toMatchObject({ refused: 'owner_needed' });
      expect((await recorded(town)).slice(2)).toEqual(['CodeMade', 'PersonRevoked']);
    },
    withOwners,
  );
});
