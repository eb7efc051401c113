import { expect } from 'vitest';
import { LEASE_MS, onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

/** The newest message, with what its buttons carry. */
const newest = async (town: Town, address = GROUP) => {
  const found = (await town.shown()).findLast((one) => one.address === address);
  const buttons = found?.buttons.map(({ label, argument }) => `${label} ${argument ?? ''}`.trim());
  return { lines: found?.text.split('\n') ?? [], buttons };
};

onEveryStore((story) => {
  story('runs are listed eight at a time, and a button shows those before', async (town) => {
    const ops = town.chat(GROUP);
    const asked: string[] = [];
    for (let count = 0; count < 18; count += 1) {
      asked.unshift(await ops.asks('ana', 'run backup'));
      town.passes(1000);
    }
    const idsOf = ({ lines }: { lines: readonly string[] }) =>
      lines.slice(1).map((line) => line.split(' ')[1]);
    await ops.says('ana', '/runs');
    const first = await newest(town);
    expect(first).toMatchObject({ buttons: ['Older 8'], lines: { 0: 'Last runs' } });
    expect(idsOf(first)).toEqual(asked.slice(0, 8));
    await ops.presses('ana', 'Older');
    const second = await newest(town);
    expect(second).toMatchObject({ buttons: ['Older 16'], lines: { 0: 'Runs 9 to 16' } });
    expect(idsOf(second)).toEqual(asked.slice(8, 16));
    await ops.presses('bob', 'Older');
    const third = await newest(town);
    expect(third).toMatchObject({ buttons: [], lines: { 0: 'Runs 17 to 18' } });
    expect(idsOf(third)).toEqual(asked.slice(16));
  });

  story('older ones keep the filter, and show only what whoever taps may see', async (town) => {
    const ops = town.chat(GROUP);
    for (let count = 0; count < 9; count += 1) {
      await ops.asks('ana', 'run backup');
      town.passes(1000);
      const denied = await ops.asks('ana', 'run report');
      await ops.says('bob', `no ${denied}`);
    }
    await ops.says('ana', '/runs backup');
    expect(await newest(town)).toMatchObject({
      buttons: ['Older 8.backup'],
      lines: { 0: 'Last runs (backup)' },
    });
    const older = await ops.button('Older');
    await ops.presses('ana', older);
    const { lines } = await newest(town);
    expect(lines[0]).toBe('Run 9 (backup)');
    expect(lines[1]).toContain('backup');
    expect(lines).toHaveLength(2);
    await ops.presses('eve', older);
    expect((await newest(town)).lines).toEqual([expect.stringMatching(/^No filter or job called "backup"/)]);
    await ops.says('ana', '/runs denied');
    expect((await newest(town)).buttons).toEqual(['Older 8.denied']);
  });

  story('a page that no button leads to is told so', async (town) => {
    const ops = town.chat(GROUP);
    for (let count = 0; count < 9; count += 1) await ops.asks('ana', 'run backup');
    await ops.says('ana', '/runs');
    const older = await ops.button('Older');
    for (const argument of ['', '0', '-8', '8000', 'failed', '8.']) {
      expect(await ops.presses('ana', older, { argument })).toMatch(/out of date/);
    }
    await ops.presses('ana', older, { argument: '500' });
    expect((await newest(town)).lines).toEqual(['No older runs.']);
  });

  story('what this person may see is found behind many runs that they may not', async (town) => {
    const ops = town.chat(GROUP);
    await ops.asks('ana', 'run backup');
    for (let count = 0; count < 60; count += 1) await ops.asks('dan', 'run vault-dump');
    await ops.says('ana', '/runs');
    expect((await newest(town)).lines).toEqual(['Last runs', expect.stringContaining('backup')]);
  });

  story('the board offers to recover what was lost, to whoever may', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/ops');
    expect((await newest(town)).buttons).toEqual(['Refresh']);
    const runId = await ops.asks('ana', 'run db-migrate to=1');
    for (const who of ['bob', 'cho']) await ops.says(who, `yes ${runId}`);
    await town.worker().beats();
    await ops.says('ana', `resume ${runId}`);
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await ops.says('ana', '/ops');
    const board = await newest(town);
    expect(board.lines.join('\n')).toMatch(new RegExp(`Stale: ${runId} db-migrate, .* → /recover ${runId}`));
    expect(board.buttons).toEqual([`Recover ${runId}`, 'Refresh']);
    const recover = await ops.button(`Recover ${runId}`);
    expect(recover.action).toMatchObject({ verb: 'rc', runId, bound: { epoch: 1 } });
    expect(await ops.presses('eve', recover)).not.toBe('');
    expect(await ops.presses('ana', recover, { token: 'AAAABBBBCCCCDDDD' })).toMatch(/running|out of date/i);
    expect((await town.run(runId)).status).toBe('Running');
    await ops.presses('ana', recover);
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    expect(await ops.presses('ana', recover)).toMatch(/out of date/);
  });
});
