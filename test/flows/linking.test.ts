import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { admitZed, codeFor, recorded, withOwners } from './codes.ts';
import { onEveryStore } from './town.ts';

/** An account of nobody. */
const spare = { from: { identity: 'telegram:77', name: 'Somebody' } };

onEveryStore((story) => {
  story(
    'a second account becomes the same person, and the first ones hear of it',
    async (town) => {
      const ana = town.chat('telegram:41');
      const other = town.chat('telegram:77');
      await ana.says('ana', '/link');
      const [told = ''] = await ana.hears();
      const code = /[0-9A-Z-]{16}/.exec(told)?.[0] ?? '';
      expect(told).toBe(
        `Write this to me from your other account within 10 min: link ${code}\n` +
          'Whoever writes it is you from then on, with all your rights. Give the code to nobody.',
      );
      await other.says('zed', `link ${code}`, spare);
      expect(await other.hears()).toEqual([
        'This account is Ana from now on (operator). Undo: /unlink telegram:77',
      ]);
      expect(await ana.hears()).toEqual([
        'telegram:77 writes as you from now on. If that was not you: /unlink telegram:77, and tell an owner.',
      ]);
      await other.says('zed', '/whoami', spare);
      await ana.says('ana', '/whoami');
      await town.chat('telegram:-100').says('ana', '/whoami');
      expect(await other.hears()).toEqual(['Ana · operator · telegram:77 (here), telegram:41, dev:ana']);
      expect(await ana.hears()).toEqual(['Ana · operator · telegram:41 (here), dev:ana, telegram:77']);
      expect(await town.chat('telegram:-100').hears()).toEqual([
        'Ana · operator · telegram:41 (here), 2 more accounts',
      ]);
      expect(await town.store.runs.history('system')).toMatchObject([
        { type: 'CodeMade', actor: 'user:telegram:41', payload: { purpose: 'link' } },
        {
          type: 'IdentityLinked',
          actor: 'user:telegram:77',
          payload: { personId: 'ana', identity: 'telegram:77', by: 'telegram:41' },
        },
      ]);
      expect(JSON.stringify(await town.store.runs.history('system'))).not.toContain(code);
    },
    withOwners,
  );

  story(
    'two accounts of one person are one vote, and no way around four eyes',
    async (town) => {
      await admitZed(town, 'operator,approver');
      const first = town.chat('telegram:99');
      const second = town.chat('telegram:77');
      const code = await codeFor(first, 'zed');
      await second.says('zed', `link ${code}`, spare);
      const own = await first.asks('zed', 'run backup');
      expect(await second.says('zed', `yes ${own}`, spare)).toMatchObject({
        refused: 'requester_cannot_approve',
      });
      const quorum = await town.chat('telegram:-100').asks('ana', 'run rotate-keys');
      await first.says('zed', `yes ${quorum}`);
      expect(await second.says('zed', `yes ${quorum}`, spare)).toMatchObject({ refused: 'already_voted' });
      expect((await town.run(quorum)).votes).toHaveLength(1);
    },
    withOwners,
  );

  story(
    'an account that asked cannot approve, whoever it has become since',
    async (town) => {
      await admitZed(town, 'operator');
      const zed = town.chat('telegram:99');
      const runId = await zed.asks('zed', 'run backup');
      await town.chat('telegram:45').says('ola', '/revoke zed');
      const code = await codeFor(town.chat('telegram:42'), 'bob');
      await zed.says('zed', `link ${code}`);
      for (const chat of [zed, town.chat('telegram:42')]) {
        const who = chat === zed ? 'zed' : 'bob';
        expect(await chat.says(who, `yes ${runId}`)).toMatchObject({ refused: 'requester_cannot_approve' });
      }
    },
    withOwners,
  );

  story(
    'a code links once, in time, and nobody who is known already',
    async (town) => {
      const ana = town.chat('telegram:41');
      const other = town.chat('telegram:77');
      const first = await codeFor(ana, 'ana');
      expect(await town.chat('telegram:42').says('bob', `link ${first}`)).toMatchObject({
        refused: 'already_known',
      });
      expect(await ana.says('ana', `link ${first}`)).toMatchObject({ refused: 'already_known' });
      await other.says('zed', `link ${first}`, spare);
      const third = { from: { identity: 'telegram:78', name: 'Third' } };
      expect(await town.chat('telegram:78').says('zed', `link ${first}`, third)).toMatchObject({
        refused: 'code_void',
      });
      for (const guess of ['link 0000-0000-0000-0', 'link me', `link ${first}0`]) {
        expect(await town.chat('telegram:78').says('zed', guess, third)).toMatchObject({
          refused: 'code_void',
        });
      }
      const late = await codeFor(ana, 'ana');
      town.passes(minutes(10));
      expect(await town.chat('telegram:78').says('zed', `link ${late}`, third)).toMatchObject({
        refused: 'code_void',
      });
      expect(await recorded(town)).toEqual(['CodeMade', 'IdentityLinked', 'CodeMade']);
    },
    withOwners,
  );

  story(
    'a code that was written in a group is void, and whoever made it is told',
    async (town) => {
      const group = town.chat('telegram:-100');
      const ana = town.chat('telegram:41');
      const code = await codeFor(ana, 'ana');
      await group.says('zed', `link ${code}`, { ...spare, addressed: false });
      expect(await group.hears()).toEqual([]);
      expect(await ana.hears()).toEqual([
        'Your code was written where others read along, so it is void. For another one: /link',
      ]);
      expect(await town.chat('telegram:77').says('zed', `link ${code}`, spare)).toMatchObject({
        refused: 'code_void',
      });
      const other = await codeFor(ana, 'ana');
      expect(await group.says('bob', `link ${other}`)).toMatchObject({ refused: 'private_only' });
      expect(await town.chat('telegram:77').says('zed', `link ${other}`, spare)).toMatchObject({
        refused: 'code_void',
      });
      expect(await recorded(town)).toEqual(['CodeMade', 'CodeVoided', 'CodeMade', 'CodeVoided']);
    },
    withOwners,
  );

  story(
    'of two accounts that use one code at the same moment, one is linked',
    async (town) => {
      const code = await codeFor(town.chat('telegram:41'), 'ana');
      const done = await Promise.all(
        [77, 78].map((id) =>
          town.chat(`telegram:${id}`).says('zed', `link ${code}`, {
            from: { identity: `telegram:${id}`, name: `P${id}` },
          }),
        ),
      );
      expect(done.map((handled) => handled?.refused ?? 'yes').toSorted()).toEqual(['code_void', 'yes']);
      expect((await town.store.people.find('telegram:41'))?.identities).toHaveLength(3);
    },
    withOwners,
  );
});
