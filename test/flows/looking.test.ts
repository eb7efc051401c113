import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { LEASE_MS, onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

onEveryStore((story) => {
  story(
    'problems with parameters are all named at once, with a line to copy; nothing is created',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.says('ana', 'run restart-web env=stagin host=2');
      await ops.says('ana', 'run restart-web env=prod hosts=12');
      const [two = '', bounds = ''] = await ops.hears();
      expect(two).toMatch(/^2 problems, nothing was created:\n• env: "stagin" is not one of staging, prod/);
      expect(two).toMatch(/Copy: \/run restart-web env=staging hosts=2$/);
      expect(bounds).toContain('12');
      expect((await town.store.runs.list({ limit: 5 })).runs).toEqual([]);
      const runId = await ops.asks('ana', 'run restart-web env=staging');
      expect((await town.run(runId)).params).toEqual({ env: 'staging', hosts: 1 });
      expect(await ops.card(runId)).toMatch(/env {4}staging\n {2}hosts {2}1 {3}\(default\)/);
    },
  );

  story('an unknown job is a sentence and a button, which asks and runs nothing', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run bakcup');
    await ops.says('ana', '/run xyz');
    await ops.says('ana', '/rnu backup');
    expect(await ops.hears()).toEqual([
      'No job called "bakcup". Did you mean "backup"?',
      'No job called "xyz". 6 jobs exist: /jobs',
      'I do not know /rnu. Did you mean /run? Try: /run backup',
    ]);
    await ops.presses('ana', 'Ask to run backup');
    expect((await town.store.runs.list({ limit: 5 })).runs).toMatchObject([
      { state: { jobKey: 'backup', status: 'AwaitingApproval' } },
    ]);
  });

  story('jobs, job, why and details say what would run and who decides', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=0042');
    await ops.hears();
    await ops.says('ana', 'jobs');
    await ops.says('ana', 'job db-migrate');
    await ops.says('bob', `why ${runId}`);
    await ops.presses('bob', 'Details');
    const [list = '', job = '', why = '', details = ''] = await ops.hears();
    expect(list).toMatch(/^6 jobs · \/job NAME tells more\nbackup/);
    expect(job).toMatch(/^db-migrate v1 — Change the production schema · HEAVY[^]*needs 2 of role approver/);
    expect(why).toMatch(
      /It has 0 of 2 approvals\. Who may decide: Bob, Cho\. Ana asked and cannot approve\.\nIf nobody answers by 12:30 UTC/,
    );
    expect(details).toContain(`digest ${(await town.run(runId)).digest}`);
    expect(details).toContain('to = 0042');
    expect(details).toContain(`file backup.sh ${'a'.repeat(12)}`);
  });

  story('why follows the run through its states', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=1');
    const why = async (): Promise<string> => {
      await ops.hears();
      await ops.says('ana', `why ${runId}`);
      return (await ops.hears()).join('\n');
    };
    for (const who of ['bob', 'cho']) await ops.says(who, `yes ${runId}`);
    expect(await why()).toContain(
      'In the way: no worker is running (whoever has the host starts one: textops worker).',
    );
    await town.worker().beats();
    expect(await why()).toContain('Nothing stands in the way.');
    await ops.says('ana', `resume ${runId}`);
    expect(await why()).toContain('It waits for a free worker');
    const attempt = await town.worker().takes();
    expect(await why()).toContain('Attempt 1 runs on w1');
    await attempt.fails('out of disk');
    expect(await why()).toContain('out of disk');
    await ops.says('ana', `log ${runId}`);
    expect(await ops.hears()).toEqual([expect.stringMatching(/attempt 1:\ndump orders\nwrite$/)]);
  });

  story('runs are filtered by state, job, person, day and chat', async (town) => {
    const ops = town.chat(GROUP);
    const web = town.chat('telegram:-200');
    const old = await ops.asks('ana', 'run report');
    await ops.says('bob', `no ${old}`);
    town.passes(minutes(60 * 25));
    const waiting = await ops.asks('ana', 'run backup');
    const running = await web.asks('ana', 'run report');
    await web.says('bob', `yes ${running}`);
    await town.worker().takes();
    await Promise.all([ops.hears(), web.hears()]);
    const listed = async (who: string, words: string): Promise<readonly string[]> => {
      await ops.says(who, words);
      const ids = (await ops.hears()).join('\n').matchAll(/(?<=^\S+ )[0-9A-Z]{6}(?= )/gm);
      return [...ids].map(([id]) => id).toSorted();
    };
    const sorted = (...ids: readonly string[]) => ids.toSorted();
    expect(await listed('bob', 'runs')).toEqual(sorted(old, waiting, running));
    expect(await listed('bob', 'runs waiting')).toEqual([waiting]);
    expect(await listed('bob', 'runs running')).toEqual([running]);
    expect(await listed('bob', 'runs denied')).toEqual([old]);
    expect(await listed('bob', 'runs report')).toEqual(sorted(old, running));
    expect(await listed('bob', 'runs today')).toEqual(sorted(waiting, running));
    expect(await listed('bob', 'runs here')).toEqual(sorted(old, waiting));
    expect(await listed('bob', 'status')).toEqual(sorted(old, waiting));
    expect(await listed('ana', 'runs mine')).toEqual(sorted(old, waiting, running));
    expect(await listed('bob', 'runs mine')).toEqual([]);
    await ops.says('bob', 'runs runing');
    expect(await ops.hears()).toEqual(['No filter or job called "runing". Did you mean /runs running?']);
  });

  story('ops counts what waits, runs, is stale and has failed', async (town) => {
    const ops = town.chat(GROUP);
    await town.worker('w1').beats();
    await ops.says('ana', 'ops');
    const [quiet = ''] = await ops.hears();
    expect(quiet).toMatch(/^✅ OK · production · 12:00 UTC\nqueue +0 ready/);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.push(await ops.asks('ana', 'run backup'));
    }
    const [failed = '', stale = ''] = ids;
    for (const runId of [failed, stale]) {
      await ops.says('bob', `yes ${runId}`);
      const attempt = await town.worker('w1').takes();
      if (runId === failed) await attempt.fails();
    }
    town.passes(LEASE_MS + 12_000);
    await ops.hears();
    await ops.says('ana', 'ops');
    const [board = ''] = await ops.hears();
    expect(board).toContain(`1. Stale: ${stale} backup, `);
    expect(board).toContain(`worker w1 silent → /recover ${stale}\n`);
    expect(board).toMatch(/^running +1 of \d+ +1 stale +!$/m);
    expect(board).toMatch(/^waiting +1, oldest 42s$/m);
    expect(board).toMatch(/^failed +1 in 1h +1 in 24h$/m);
    expect(board).toMatch(/^channels +telegram ok/m);
    expect((await ops.labels()).slice(-3)).toEqual([`Recover ${stale}`, 'Refresh', 'Waiting (1)']);
    // Dan may neither ask for backups nor decide them.
    await ops.says('dan', 'ops');
    const [outside = ''] = await ops.hears();
    expect(outside).not.toMatch(new RegExp(`${stale}|backup`));
    expect((await ops.labels()).slice(-2)).toEqual(['Refresh', 'Waiting (1)']);
  });

  story('help and whoami answer everybody who is known', async (town) => {
    const own = town.chat('telegram:44');
    await own.says('eve', 'help');
    await own.says('eve', '/whoami');
    const [help = '', whoami = ''] = await own.hears();
    expect(help.split('\n')).toHaveLength(8);
    expect(whoami).toBe('Eve · no role · telegram:44 (here), dev:eve');
  });
});
