import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { LEASE_MS, onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const approved = async (town: Town, job: string): Promise<string> => {
  const runId = await town.chat(GROUP).asks('ana', `run ${job}`);
  await town.chat(GROUP).says('bob', `yes ${runId}`);
  await town.chat(GROUP).hears();
  return runId;
};

/** Until the next attempt may start. */
const waits = async (town: Town, runId: string): Promise<void> => {
  const run = await town.run(runId);
  if (run.status !== 'Dispatching') throw new Error(`${runId} is ${run.status}`);
  expect(await town.worker().claims()).toBeUndefined();
  town.passes(run.notBefore - town.now());
};

onEveryStore((story) => {
  story('an attempt that fails is tried again after a pause, until it succeeds', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'report');
    const first = await town.worker().takes();
    town.passes(12_000);
    await first.fails('could not connect to db1:5432');
    expect(await ops.card(runId)).toMatch(
      /🔁 Retrying · \w+ · attempt 1 of 3 failed after 12s[^]*could not connect to db1:5432\nNext try/,
    );
    await waits(town, runId);
    await (await town.worker('w2').takes()).succeeds('sent');
    expect(await ops.card(runId)).toContain('✅ Succeeded');
    expect(await ops.card(runId)).toContain('attempt 2 of 3');
    expect((await town.events(runId)).slice(3)).toEqual([
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionRetried',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
  });

  story('the pauses grow, and after the last attempt it has failed', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'report');
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await (await town.worker().takes()).fails();
      const before = town.now();
      await waits(town, runId);
      pauses.push(town.now() - before);
    }
    expect(pauses[0]).toBeGreaterThanOrEqual(5_000);
    expect(pauses[0]).toBeLessThanOrEqual(10_000);
    expect(pauses[1]).toBeGreaterThanOrEqual(10_000);
    await (await town.worker().takes()).fails();
    expect(await town.run(runId)).toMatchObject({ status: 'Failed', attempt: 3, reason: 'exit' });
    expect(await ops.hears()).toEqual([
      `Ana ❌ report failed after 3 attempts · ${runId}\nNo space left on device\nLast lines:\n` +
        'dump orders\nwrite\nNothing was left running.',
    ]);
    expect(await town.worker().claims()).toBeUndefined();
  });

  story('a job that is not idempotent is never tried a second time', async (town) => {
    const runId = await approved(town, 'backup');
    await (await town.worker().takes()).fails();
    expect((await town.run(runId)).status).toBe('Failed');
    expect((await town.events(runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  story('a lost worker of an idempotent job is replaced, and its late report is refused', async (town) => {
    const runId = await approved(town, 'report');
    const first = await town.worker('w1').takes();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(town.seen('lease_recovered')).toMatchObject([{ runId, workerId: 'w1', how: 'rerun' }]);
    expect(await first.holds()).toBe(false);
    await waits(town, runId);
    const second = await town.worker('w2').takes();
    expect(await first.tells(90, 'still there')).toBe('stale');
    expect(await first.succeeds('from the grave')).toBe('refused');
    expect((await town.run(runId)).status).toBe('Running');
    expect(await second.succeeds('for real')).toBe('recorded');
    expect(await first.fails()).toBe('refused');
    expect(await town.run(runId)).toMatchObject({ status: 'Succeeded', summary: 'for real' });
    expect(town.seen('report_refused')).toHaveLength(2);
  });

  story('after three losses even an idempotent job asks a person', async (town) => {
    const runId = await approved(town, 'report');
    for (let loss = 1; loss <= 3; loss += 1) {
      await town.worker().takes();
      town.passes(LEASE_MS + 1);
      await town.keepsHouse();
      if (loss < 3) await waits(town, runId);
    }
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost', epoch: 2 });
  });

  story(
    'a lost worker of any other job is asked about; a yes starts the next epoch, under keys of its own',
    async (town) => {
      const door = town.chat('dev:ops');
      const runId = await door.asks('ana', 'run backup');
      await door.says('bob', `yes ${runId}`);
      const first = await town.worker('w1').takes();
      await door.hears();
      town.passes(LEASE_MS + 1);
      await town.keepsHouse();
      expect(town.seen('lease_recovered')).toMatchObject([{ how: 'asked' }]);
      expect(await door.hears()).toEqual([
        `Run ${runId} lost its worker; what it did is unknown. Reply YES ${runId} to run it again or NO ${runId} to end it.`,
      ]);
      expect(await first.succeeds()).toBe('refused');
      const yes = await door.says('bob', `yes ${runId}`);
      expect(yes?.outbound.map(({ key }) => key)).toEqual([`approved-starting:${runId}:2`]);
      const second = await town.worker('w2').takes();
      expect(second.claimed.entry).toMatchObject({ epoch: 2, attempt: 1 });
      await second.succeeds('again');
      expect((await town.events(runId)).filter((type) => /Lost|Approv|Started/.test(type))).toEqual([
        'ApprovalRequested',
        'RunApproved',
        'ExecutionStarted',
        'ExecutionLost',
        'ApprovalRequested',
        'RunApproved',
        'ExecutionStarted',
      ]);
    },
  );

  story('a no to a lost run ends it as failed, and says that its end is unknown', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'backup');
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(await ops.card(runId)).toContain('Approve starts it again, Deny ends it as failed.');
    await ops.hears();
    await ops.says('bob', `no ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Failed', reason: 'lost' });
    expect((await ops.hears()).join('\n')).toContain('What the lost attempt did is unknown.');
  });

  story('a lost heavy run asks, whatever its effects', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=1');
    for (const who of ['bob', 'cho']) await ops.says(who, `yes ${runId}`);
    await town.worker().beats();
    await ops.says('ana', `resume ${runId}`);
    await town.worker().takes();
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost', votes: [] });
  });

  story('a lease that ran out before anything started goes back to the queue', async (town) => {
    const runId = await approved(town, 'backup');
    const claimed = await town.worker('w1').claims();
    if (claimed === undefined) throw new Error('there was nothing to claim');
    town.passes(LEASE_MS + 1);
    await town.keepsHouse();
    expect(town.seen('lease_recovered')).toMatchObject([{ how: 'requeued' }]);
    // It slept through its lease; that nobody has taken over yet gives it nothing back.
    expect(await town.worker('w1').begins(claimed)).toMatchObject({
      start: { kind: 'nothing', why: 'stale_lease' },
    });
    expect((await town.run(runId)).status).toBe('Dispatching');
    const second = await town.worker('w2').takes();
    expect(await town.worker('w1').begins(claimed)).toMatchObject({ start: { kind: 'nothing' } });
    await second.succeeds();
    expect((await town.events(runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  story('a cancel while it runs takes the lease away, and the worker’s report with it', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'backup');
    const attempt = await town.worker().takes();
    expect(await attempt.holds()).toBe(true);
    expect(await ops.presses('ana', 'Cancel run')).toBe(`Canceled ${runId} (backup).`);
    expect(await attempt.holds()).toBe(false);
    expect(await attempt.succeeds()).toBe('refused');
    expect(await ops.hears()).toEqual([
      `Ana ⛔ backup (${runId}) was canceled by Ana. Its process is being ended. ` +
        'Nothing was started again; attempt 1 began 12:00 UTC, its end is unknown.',
    ]);
    await ops.says('ana', `cancel ${runId}`);
    expect(await ops.hears()).toEqual([
      `${runId} (backup) is over: canceled by Ana 12:00 UTC. Nothing changed.`,
    ]);
  });

  story('a recovered run asks anew, in an epoch of its own', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'backup');
    await (await town.worker().takes()).fails();
    const before = await town.run(runId);
    await ops.says('ana', `recover ${runId}`);
    const after = await town.run(runId);
    expect(after).toMatchObject({ status: 'AwaitingApproval', epoch: 2, because: 'recovered', votes: [] });
    expect(after.digest).not.toBe(before.digest);
    await ops.says('bob', `yes ${runId}`);
    const second = await town.worker().takes();
    expect(second.claimed.entry).toMatchObject({ epoch: 2, attempt: 1 });
    await second.succeeds();
    await ops.says('ana', `recover ${runId}`);
    expect((await ops.hears()).at(-1)).toContain('cannot be recovered. Ask again: /run backup');
  });

  story('recover takes a running run only when its lease is gone', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await approved(town, 'backup');
    const attempt = await town.worker().takes();
    await ops.says('ana', `recover ${runId}`);
    expect((await town.run(runId)).status).toBe('Running');
    town.passes(LEASE_MS + 1);
    await ops.says('ana', `recover ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost' });
    expect(await attempt.succeeds()).toBe('refused');
    town.passes(minutes(1));
    await town.keepsHouse();
    expect(town.seen('lease_recovered')).toEqual([]);
  });

  story(
    'a worker that slept through a cancel and a recovery takes nothing from the next one',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await approved(town, 'backup');
      const slept = await town.worker('w1').claims();
      if (slept === undefined) throw new Error('w1 found nothing to do');
      await ops.says('ana', `cancel ${runId}`);
      await ops.says('ana', `recover ${runId}`);
      await ops.says('bob', `yes ${runId}`);
      const next = await town.worker('w2').takes();
      expect(next.claimed.fence).toBeGreaterThan(slept.fence);
      expect((await town.worker('w1').begins(slept)).start.kind).toBe('nothing');
      expect(await next.holds()).toBe(true);
      expect(await next.succeeds()).toBe('recorded');
    },
  );
});
