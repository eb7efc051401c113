import { expect } from 'vitest';
import { onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

onEveryStore((story) => {
  story('a paused job waits until somebody says otherwise, on record', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/pause backup the disk is being replaced');
    await ops.says('ana', 'pause backup');
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    expect(await town.worker().claims()).toBeUndefined();
    const [paused, again] = await ops.hears();
    expect([paused, again]).toEqual([
      'backup is paused by Ana. What runs goes on. Again: /unpause backup',
      'backup is paused already.',
    ]);
    await ops.says('ana', `why ${runId}`);
    await ops.says('ana', 'ops');
    const [why, board] = await ops.hears();
    expect(why).toContain(
      'backup is paused by Ana since 12:00 UTC: "the disk is being replaced". Again: /unpause backup',
    );
    expect(board).toMatch(/^paused {4}backup$/m);
    await ops.says('bob', 'unpause backup');
    expect(await ops.hears()).toEqual(['backup goes on.']);
    expect((await town.worker().takes()).claimed.entry.runId).toBe(runId);
    expect(await town.store.runs.history('system')).toMatchObject([
      {
        type: 'QueuePaused',
        actor: 'user:telegram:41',
        payload: { what: 'job:backup', reason: 'the disk is being replaced' },
      },
      { type: 'QueueUnpaused', actor: 'user:telegram:42', payload: { what: 'job:backup' } },
    ]);
  });

  story('the whole queue is for operators, and a job for those who know it', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('bob', 'pause queue');
    await ops.says('ana', 'pause bakcup');
    await ops.says('ana', 'pause vault-dump');
    await ops.says('ana', 'pause');
    await ops.says('ana', 'pause queue');
    expect(await ops.hears()).toEqual([
      'Only operators and owners pause the queue. Nothing changed.',
      'No job called "bakcup". Did you mean "backup"?',
      'No job called "vault-dump". See /jobs',
      'Pause what? Try: pause queue, or the name of a job',
      'The queue is paused by Ana. What runs goes on. Again: /unpause queue',
    ]);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    expect(await town.worker().claims()).toBeUndefined();
    await ops.hears();
    await ops.says('ana', 'ops');
    expect((await ops.hears())[0]).toContain('1. The queue is paused → /unpause queue');
  });

  story('what came twice had its effect once and can be looked up', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', 'ops dedup');
    expect(await ops.hears()).toEqual(['No message came twice.']);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${runId}`);
    const entry = {
      runId,
      epoch: 1,
      attempt: 1,
      jobKey: 'backup',
      priority: 0,
      concurrency: Number.MAX_SAFE_INTEGER,
      notBefore: town.now(),
      fence: 0,
    };
    await town.store.runs.commit([{ queue: [{ op: 'add', entry }], outbox: [], at: town.now() }]);
    await ops.hears();
    await ops.says('ana', 'ops dedup');
    expect((await ops.hears())[0]).toBe(
      'No message came twice.\nAttempts that were dispatched again; each is in the queue once\n' +
        `${runId} attempt 1  once more, last 12:00 UTC`,
    );
  });
});
