import { expect } from 'vitest';
import { minutes } from '../cast.ts';
import { onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

onEveryStore((story) => {
  story('nobody answers: at the deadline it still waits, after it it is over', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    town.passes(minutes(30));
    await town.keepsHouse();
    expect((await town.run(runId)).status).toBe('AwaitingApproval');
    town.passes(1);
    await town.keepsHouse();
    await town.keepsHouse();
    expect(await ops.hears()).toEqual([
      `Ana ⌛ backup (${runId}) expired: nobody answered in 30 min. Nothing ran.`,
    ]);
    expect(await ops.card(runId)).toMatch(/⌛ Expired[^]*nobody answered in 30 min\nNothing ran\./);
    expect((await town.store.runs.history(runId)).slice(2)).toMatchObject([
      { type: 'ApprovalTimedOut', actor: 'system', payload: { clock: 'decide-by' } },
    ]);
    await ops.says('bob', `yes ${runId}`);
    expect(await ops.hears()).toEqual([
      `${runId} expired 12:30 UTC, so it cannot be approved. Ask again: /run backup`,
    ]);
  });

  story('a yes after the deadline closes the run, even when nobody has swept yet', async (town) => {
    const ops = town.chat('dev:ops');
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    town.passes(minutes(30) + 1);
    await ops.says('bob', `yes ${runId}`);
    expect(await ops.hears()).toEqual([`Run ${runId} expired: nobody answered in 30 min. Nothing ran.`]);
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested', 'ApprovalTimedOut']);
  });

  story('approved and not started in time: nothing ran, and a worker finds nothing', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    town.passes(minutes(2));
    await ops.says('bob', `yes ${runId}`);
    await ops.hears();
    town.passes(minutes(30) + 1);
    await town.keepsHouse();
    expect(await ops.hears()).toEqual([
      `Ana ⌛ backup (${runId}) expired: approved, but not started by 12:32 UTC. Nothing ran.`,
    ]);
    expect((await town.store.runs.history(runId)).at(-1)).toMatchObject({ payload: { clock: 'start-by' } });
    expect(await town.worker().claims()).toBeUndefined();
  });

  story('a worker that comes after start-by, before anybody swept, starts nothing', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    town.passes(minutes(30) + 1);
    const { start } = await town.worker().takes();
    expect(start).toEqual({ kind: 'nothing', why: 'Expired' });
    expect((await town.run(runId)).status).toBe('Expired');
    expect(await town.worker().claims()).toBeUndefined();
  });

  story('a heavy run that nobody starts lapses', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run db-migrate to=1');
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    await town.worker().beats();
    town.passes(minutes(30) + 1);
    await ops.says('ana', `resume ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Expired', clock: 'start-by' });
    expect((await ops.hears()).join('\n')).toContain('approved, but not started by 12:30 UTC. Nothing ran.');
  });

  story('where something did start, nobody is told that nothing ran', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    town.passes(minutes(2));
    await town.worker().takes();
    town.passes(minutes(1));
    await town.keepsHouse();
    await ops.hears();
    town.passes(minutes(30) + 1);
    await town.keepsHouse();
    expect(await ops.hears()).toEqual([
      `Ana ⌛ backup (${runId}) expired: nobody answered in 30 min. ` +
        'Nothing was started again; attempt 1 began 12:02 UTC, its end is unknown.',
    ]);
    expect(await ops.card(runId)).not.toContain('Nothing ran');
  });

  story('start-by bounds only the first start of an epoch: a retry may come later', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run report');
    await ops.says('bob', `yes ${runId}`);
    const first = await town.worker().takes();
    town.passes(20_000);
    await first.fails();
    town.passes(minutes(60));
    await town.keepsHouse();
    expect((await town.run(runId)).status).toBe('Dispatching');
    await (await town.worker().takes()).succeeds();
    expect((await town.run(runId)).status).toBe('Succeeded');
  });

  story('many overdue runs are all closed in one round', async (town) => {
    const ops = town.chat(GROUP);
    const asked: string[] = [];
    for (let count = 0; count < 20; count += 1) asked.push(await ops.asks('ana', 'run backup'));
    town.passes(minutes(31));
    await town.keepsHouse();
    for (const runId of asked) expect((await town.run(runId)).status).toBe('Expired');
  });
});
