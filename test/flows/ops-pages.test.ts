import { expect } from 'vitest';
import { OPS_PAGES } from '../../src/cli/commands/ops-pages.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

/** Four processes with a dozen loops each, of which one hangs, and more work of its own than there are lines. */
const crowded = async (town: Town): Promise<void> => {
  const { heartbeats, leases, inbox } = town.store;
  const rhythm = { slots: 0, everyMs: 10_000, silentMs: 300_000 };
  await heartbeats.beat({ ...rhythm, name: 'stuck@box0', kind: 'loop', at: town.now() });
  town.passes(301_000);
  const at = town.now();
  for (const box of ['box0', 'box1', 'box2', 'box3']) {
    await heartbeats.beat({ ...rhythm, name: box, kind: 'worker', slots: 4, at });
    for (let n = 0; n < 12; n += 1)
      await heartbeats.beat({ ...rhythm, name: `loop${n}@${box}`, kind: 'loop', at });
  }
  for (let n = 0; n < 20; n += 1)
    await leases.take({ name: `work:${n}`, holder: `box${n % 4}`, place: '', at, until: at + 6000 });
  const base = { kind: 'unreadable', channel: 'telegram', account: '7', lane: 'telegram:-1' } as const;
  for (let n = 0; n < 12; n += 1) {
    const one = { ...base, eventKey: `u${n}`, address: 'telegram:-1', reason: 'no schema', raw: '{' };
    await inbox.accept([one], at);
    await inbox.accept([one], at);
  }
};

onEveryStore((story) => {
  story(
    'every page fits a phone, however many processes there are, and says where the rest stands',
    async (town) => {
      const ops = town.chat(GROUP);
      await crowded(town);
      const long: string[] = [];
      for (const page of Object.keys(OPS_PAGES)) {
        await ops.says('ana', `/ops ${page}`);
        const [answer = ''] = await ops.hears();
        const lines = answer.split('\n');
        expect([page, lines.length <= 14]).toEqual([page, true]);
        expect(answer).not.toContain('There is no page');
        if (lines.at(-1)?.startsWith('… and ') === true) {
          expect(lines.at(-1)).toMatch(new RegExp(` more → textops ops ${page}$`));
          long.push(page);
        }
      }
      expect(long).toEqual(['queues', 'workers', 'ticks']);
    },
  );

  story('whoever is missing stands first, and workers before loops', async (town) => {
    const ops = town.chat(GROUP);
    await crowded(town);
    await ops.says('ana', '/ops workers');
    const [first = '', ...others] = ((await ops.hears())[0] ?? '').split('\n');
    expect(first).toMatch(/^🔴 loop stuck@box0: silent/);
    expect(others.slice(0, 4).map((line) => line.split(':')[0])).toEqual([
      '🟢 worker box0',
      '🟢 worker box1',
      '🟢 worker box2',
      '🟢 worker box3',
    ]);
  });
});
