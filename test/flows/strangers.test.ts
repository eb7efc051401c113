import { expect } from 'vitest';
import { firstFault } from '../../src/core/runs/chain.ts';
import { sha256Hex } from '../../src/core/runs/hash.ts';
import { offerOwnership } from '../../src/program/offer-ownership.ts';
import { minutes } from '../cast.ts';
import { owners, residents } from './residents.ts';
import { onEveryStore } from './town.ts';

const STRANGER =
  'I do not know you yet. Send /link to get a code for an owner; until then I answer nothing else.';
const HIDDEN = ['backup', 'report', 'db-migrate', 'restart-web', 'rotate-keys', 'clean-up', 'vault-dump'];

onEveryStore((story) => {
  story('a run that one may not see does not exist, whatever one asks about it', async (town) => {
    const runId = await town.chat('telegram:-100').asks('dan', 'run vault-dump');
    const own = town.chat('telegram:42');
    const verbs = ['status', 'log', 'why', 'yes', 'no', 'cancel', 'resume', 'recover'];
    for (const verb of verbs) await own.says('bob', `${verb} ${runId}`);
    expect(await own.hears()).toEqual(verbs.map(() => `No run ${runId}.`));
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
  });

  story('lists and suggestions name no job that one may not see', async (town) => {
    await town.chat('telegram:-100').asks('dan', 'run vault-dump');
    const own = town.chat('telegram:42');
    for (const words of [
      'jobs',
      'runs',
      'runs waiting',
      'job vault-dump',
      'run vault-dump',
      'run vault-dum',
    ]) {
      await own.says('bob', words);
    }
    const heard = await own.hears();
    expect(heard).toHaveLength(6);
    // What one has written oneself comes back; nothing else about it does.
    const unquoted = heard.join('\n').replaceAll(/No job called "[^"]*"/g, '');
    expect(unquoted).not.toContain('vault');
    expect(heard[1]).toBe('No runs. Ask for one: /jobs');
  });

  story(
    'of strangers who write in a group the owners hear, privately and once a day; the group hears nothing',
    async (town) => {
      const ops = town.chat('telegram:-100');
      await ops.says('zed', '/run backup');
      await ops.says('zed', '/ops');
      expect(await ops.hears()).toEqual([]);
      const told =
        'Somebody unknown wrote to me in telegram:-100: "zed" (telegram:99). I did not answer. ' +
        'They may send me /link in private; others of today are counted in /ops refusals.';
      expect(await town.chat('telegram:45').hears()).toEqual([told]);
      expect(await town.chat('telegram:47').hears()).toEqual([told]);
      town.passes(24 * 60 * 60_000);
      await ops.says('zed', '/ops');
      expect(await town.chat('telegram:45').hears()).toEqual([told]);
    },
    { people: [...residents, ...owners] },
  );

  story('a stranger may ask for help again after a minute', async (town) => {
    const own = town.chat('telegram:99');
    await own.says('zed', '/help');
    await own.says('zed', '/help');
    town.passes(60_000);
    await own.says('zed', '/help');
    expect(await own.hears()).toHaveLength(2);
  });

  story('somebody linked but without any role learns no job and no run', async (town) => {
    const runId = await town.chat('telegram:-100').asks('ana', 'run backup');
    const own = town.chat('telegram:44');
    for (const words of [
      'jobs',
      'runs',
      `status ${runId}`,
      'run backup',
      'run bakup',
      'job report',
      `log ${runId}`,
    ]) {
      await own.says('eve', words);
    }
    const heard = (await own.hears()).join('\n').replaceAll(/No job called "[^"]*"/g, '');
    for (const key of HIDDEN) expect(heard).not.toContain(key);
    expect(heard).toContain('There is no job that you may ask for or decide.');
  });

  story('a filter by the name of a job does not tell whether there is one', async (town) => {
    const own = town.chat('telegram:44');
    await own.says('eve', 'runs vault-dump');
    await own.says('eve', 'runs vault-nope');
    const [existing = '', missing = ''] = await own.hears();
    expect(existing.replaceAll('vault-dump', 'X')).toBe(missing.replaceAll('vault-nope', 'X'));
  });

  story(
    'a stranger hears one sentence an hour in private, whatever it was, and nothing in a group',
    async (town) => {
      const runId = await town.chat('telegram:-100').asks('ana', 'run backup');
      const ops = town.chat('telegram:-100');
      await ops.hears();
      const own = town.chat('telegram:99');
      const said = [
        'run backup',
        `yes ${runId}`,
        `status ${runId}`,
        'jobs',
        'hello',
        'ops',
        '/start',
        'run nonsense',
      ];
      for (const words of said) {
        await own.says('zed', words);
        await ops.says('zed', words);
      }
      expect(await own.hears()).toEqual([`${STRANGER}\nYour id here: telegram:99`]);
      expect(await ops.hears()).toEqual([]);
      town.passes(minutes(60));
      for (const words of said) await own.says('zed', words);
      expect(await own.hears()).toHaveLength(1);
      expect(await ops.presses('zed', 'Approve')).toBe('I do not know you, so nothing changed.');
      expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    },
  );

  story(
    'the link of the first start makes one owner, once, and the record of it verifies',
    async (town) => {
      const link = (await offerOwnership(town.store, 'textops_bot')) ?? '';
      const code = link.slice(link.indexOf('claim_'));
      const group = town.chat('telegram:-100');
      await group.says('zed', `/start ${code}`);
      expect(await group.hears()).toEqual([]);
      const own = town.chat('telegram:99');
      await own.says('zed', `/start ${code}`, { disqualified: 'forwarded' });
      expect(await own.hears()).toEqual([]);
      await own.says('zed', '/start claim_guessed');
      await own.says('zed', `/start ${code}`);
      const used = 'This link was used already or is too old. Start TextOps again for a new one.';
      expect(await own.hears()).toEqual([used, 'Welcome, zed. You are the owner now. Try: /jobs']);
      const other = town.chat('telegram:98');
      await other.says('yan', `/start ${code}`, { from: { identity: 'telegram:98', name: 'Yan' } });
      expect(await other.hears()).toEqual([used]);
      const records = await town.store.runs.history('system');
      expect(records).toMatchObject([
        { seq: 1, type: 'OwnerClaimed', actor: 'user:telegram:99', payload: { roles: ['owner'] } },
      ]);
      expect(firstFault(records)).toBeUndefined();
      expect(JSON.stringify(records)).not.toContain(code.slice('claim_'.length));
      expect(await own.asks('zed', 'run backup')).toMatch(/^[0-9A-Z]{6}$/);
      expect(await offerOwnership(town.store, 'textops_bot')).toBeUndefined();
    },
    { people: [] },
  );

  story(
    'the link is void after ten minutes',
    async (town) => {
      const at = town.now();
      await town.store.people.addCode({
        codeHash: sha256Hex('abc'),
        purpose: 'claim_owner',
        until: at + minutes(10),
        at,
      });
      town.passes(minutes(10) + 1);
      const own = town.chat('telegram:99');
      await own.says('zed', '/start claim_abc');
      expect(await own.hears()).toEqual([expect.stringContaining('too old')]);
      expect(await town.store.people.list()).toEqual([]);
    },
    { people: [] },
  );

  story(
    'of several who open the link at the same moment, one becomes owner',
    async (town) => {
      const link = (await offerOwnership(town.store, 'textops_bot')) ?? '';
      const code = link.slice(link.indexOf('claim_'));
      const ids = [201, 202, 203, 204];
      await Promise.all(
        ids.map((id) =>
          town.chat(`telegram:${id}`).says('zed', `/start ${code}`, {
            from: { identity: `telegram:${id}`, name: `P${id}` },
          }),
        ),
      );
      expect(await town.store.people.list()).toHaveLength(1);
      expect(await town.store.runs.history('system')).toHaveLength(1);
    },
    { people: [] },
  );
});
