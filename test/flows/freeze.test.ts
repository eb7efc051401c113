import { expect } from 'vitest';
import { readClaimed, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import { onEveryStore } from './town.ts';

const GROUP = 'telegram:-100';

onEveryStore((story) => {
  story('a freeze stops every decision and every claim, and nothing else', async (town) => {
    const ops = town.chat(GROUP);
    const asked = await ops.asks('ana', 'run backup');
    const queued = await ops.asks('ana', 'run backup');
    await ops.says('bob', `yes ${queued}`);
    await ops.hears();
    const before = await town.run(asked);

    await ops.says('cho', '/freeze release weekend');
    await ops.says('bob', `yes ${asked}`);
    await ops.says('bob', `no ${asked} too early`);
    const frozen =
      'Frozen by Cho 12:00 UTC: "release weekend". Nothing is decided or started until /unfreeze; a cancel still works.';
    expect(await ops.hears()).toEqual([
      'Frozen by Cho: nothing is decided or started, what runs goes on. Again: /unfreeze',
      frozen,
      frozen,
    ]);
    expect(await town.run(asked)).toEqual(before);
    expect(await town.worker().claims()).toBeUndefined();
    expect(town.seen('transition_rejected')).toMatchObject([{ why: 'frozen' }, { why: 'frozen' }]);

    await ops.says('ana', `why ${asked}`);
    await ops.says('ana', `why ${queued}`);
    await ops.says('ana', 'ops');
    for (const said of await ops.hears()) expect(said).toMatch(/Frozen by Cho|Everything is frozen/);

    const another = await ops.asks('ana', 'run backup');
    await ops.says('ana', `cancel ${another}`);
    expect(await town.run(another)).toMatchObject({ status: 'Canceled' });

    await ops.hears();
    await ops.says('bob', 'unfreeze');
    expect(await ops.hears()).toEqual(['Unfrozen by Bob. Decisions count and workers take runs again.']);
    await ops.says('bob', `yes ${asked}`);
    expect((await town.worker().takes()).claimed.entry.runId).toBe(queued);
    expect((await town.worker().takes()).claimed.entry.runId).toBe(asked);
    expect(await town.store.runs.history('system')).toMatchObject([
      { type: 'Frozen', actor: 'user:telegram:43', payload: { reason: 'release weekend' } },
      { type: 'Unfrozen', actor: 'user:telegram:42', payload: { reason: 'release weekend' } },
    ]);
  });

  story(
    'what a worker has claimed before does not start, and waits for the end of the freeze',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      await ops.says('bob', `yes ${runId}`);
      const claimed = await town.worker().claims();
      if (claimed === undefined) throw new Error('nothing was claimed');
      const read = await readClaimed(town.rooms)(claimed);
      await ops.says('cho', 'freeze incident');
      expect(await startAttempt(town.rooms, 'w1')(claimed, read)).toEqual({ kind: 'nothing', why: 'frozen' });
      expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
      expect(await town.events(runId)).not.toContain('ExecutionStarted');
      await ops.says('bob', 'unfreeze');
      const { start } = await town.worker().takes();
      expect(start).toMatchObject({ kind: 'start', run: { runId } });
    },
  );

  story('a decision and a policy that were judged a moment before the freeze do not count', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const frozen = (): Promise<unknown> =>
      town.store.runs.commit([
        {
          queue: [],
          outbox: [],
          at: town.now(),
          upkeep: [{ kind: 'freeze', by: 'Cho', reason: 'incident' }],
        },
      ]);
    town.meanwhile(async () => void (await frozen()));
    await ops.says('bob', `yes ${runId}`);
    expect((await ops.hears()).at(-1)).toMatch(/^Frozen by Cho/);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', votes: [] });
  });

  story('deadlines tick through a freeze', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('cho', 'freeze incident');
    town.passes(31 * 60_000);
    await town.keepsHouse();
    expect(await town.run(runId)).toMatchObject({ status: 'Expired', clock: 'decide-by' });
  });

  story('a heavy run waits for the end of the freeze, and says who can end it', async (town) => {
    const ops = town.chat(GROUP);
    await town.worker().beats();
    const runId = await ops.asks('ana', 'run db-migrate to=0042');
    await ops.says('bob', `yes ${runId}`);
    await ops.says('cho', `yes ${runId}`);
    expect(await ops.card(runId)).toContain('Gates: freeze off ✔ · worker w1 alive ✔');
    await ops.says('cho', 'freeze incident');
    expect(await ops.card(runId)).toContain('Gates: freeze ON ✖ (set by Cho; /unfreeze) · worker w1 alive ✔');
    await ops.hears();
    await ops.says('ana', `resume ${runId}`);
    const [refusal = ''] = await ops.hears();
    expect(refusal).toContain('freeze ON (set by Cho; /unfreeze)');
    expect(await town.run(runId)).toMatchObject({ status: 'Approved' });
    await ops.says('cho', 'unfreeze');
    expect(await ops.card(runId)).toContain('Gates: freeze off ✔ · worker w1 alive ✔');
  });

  story('whoever works here may freeze, with a reason; whoever may approve may end it', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('eve', 'freeze because I can');
    await ops.says('ana', 'unfreeze');
    await ops.says('bob', 'unfreeze');
    await ops.says('ana', 'freeze');
    await ops.says('ana', 'freeze disk');
    await ops.says('bob', 'freeze again');
    expect(await ops.hears()).toEqual([
      'Only operators, approvers and owners freeze. Nothing changed.',
      'Only approvers and owners unfreeze. Nothing changed.',
      'Nothing is frozen.',
      'Why? Everybody will read it. Try: freeze release weekend',
      'Frozen by Ana: nothing is decided or started, what runs goes on. Again: /unfreeze',
      'Frozen by Ana 12:00 UTC: "disk". Nothing is decided or started until /unfreeze; a cancel still works.',
    ]);
  });
});
