import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

onEveryStore((story) => {
  story('what only sounds like a yes is none', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const words = [
      'YES!',
      'Yes.',
      'yes?',
      'да',
      'ja',
      'oui',
      'si',
      'yes yes',
      'yes please',
      'ok yes',
      '"yes"',
      'yes to all',
      'y',
      'ye s',
      '👍',
      'ok',
      '✅',
    ];
    for (const text of words) {
      await ops.says('bob', text);
      await ops.replies('bob', runId, text);
    }
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
  });

  story(
    'a bare yes is one vote for the one run that was asked a moment ago, and the next one finds nothing',
    async (town) => {
      const ops = town.chat(GROUP);
      const heavy = await ops.asks('ana', 'run db-migrate to=1');
      await ops.says('bob', 'YES');
      await ops.says('bob', 'yes');
      expect(await town.run(heavy)).toMatchObject({ status: 'AwaitingApproval', votes: [{ name: 'Bob' }] });
      expect((await ops.hears()).at(-1)).toMatch(/You already approved/);
      await ops.says('cho', 'yes');
      expect((await town.run(heavy)).status).toBe('Approved');
      const light = await ops.asks('ana', 'run backup');
      await ops.says('bob', 'yes');
      await ops.says('cho', 'yes');
      expect((await ops.hears()).at(-1)).toBe('No run waits for you here.');
      expect((await town.run(heavy)).status).toBe('Approved');
      expect((await town.run(light)).votes).toHaveLength(1);
    },
  );

  story('a reminder does not make an old question young again', async (town) => {
    const ops = town.chat(GROUP);
    const { key, spec } = { key: 'backup', spec: (await town.store.catalog.find('backup'))?.spec };
    if (spec === undefined) throw new Error('there is no backup');
    await town.lists([{ key, spec: { ...spec, approval: { ...spec.approval, remindMs: minutes(15) } } }]);
    const runId = await ops.asks('ana', 'run backup');
    town.passes(minutes(16));
    await town.keepsHouse();
    expect(await town.events(runId)).toContain('ApprovalReminded');
    await ops.hears();
    await ops.says('bob', 'yes');
    expect((await ops.hears()).join()).toContain('That was asked a while ago, so I did nothing.');
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
  });
});
