import { expect } from 'vitest';
import { SILENCE_LOOK_MS, watchSilence } from '../../src/core/flows/ops/watch-silence.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';

/** Somebody looks every few seconds for so long. */
const watchFor = async (
  town: Town,
  looks: readonly (() => Promise<unknown>)[],
  ms: number,
): Promise<void> => {
  for (let passed = 0; passed <= ms; passed += SILENCE_LOOK_MS) {
    await Promise.all(looks.map((look) => look()));
    town.passes(SILENCE_LOOK_MS);
  }
};

const lookIn = (town: Town) =>
  watchSilence({ store: town.store, house: { ...town.rooms.house, opsChat: () => GROUP } });

onEveryStore((story) => {
  story('a worker that falls silent is told once, however many look, and red on the board', async (town) => {
    const ops = town.chat(GROUP);
    await town.worker('w1').beats();
    await watchFor(town, [lookIn(town), lookIn(town)], 60_000);
    const [told, ...more] = await ops.hears();
    expect(told).toMatch(/^🔴 The worker w1 is silent: not heard for 3\d(\.\d)?s\.\nLook: \/ops workers$/);
    expect(more).toEqual([]);
    const records = await town.store.runs.history('system');
    expect(records).toMatchObject([
      { type: 'queue_worker_silent', actor: 'system:heartbeats', payload: { name: 'w1', kind: 'worker' } },
    ]);
    await ops.says('ana', 'ops');
    await ops.says('ana', 'ops workers');
    const [board, workers] = await ops.hears();
    expect(board).toContain('🔴 Silent: worker w1, not heard for 1m 05s → textops worker');
    expect(workers).toBe('🔴 worker w1: silent, heard 1m 05s ago · 1 slot');
    await town.worker('w1').beats();
    await ops.says('ana', 'ops');
    expect((await ops.hears())[0]).not.toContain('Silent');
  });

  story('everybody may ask which process does what only one does', async (town) => {
    const ops = town.chat(GROUP);
    const at = town.now();
    const lease = { name: 'ticks', holder: 'box-k3x9', place: '', at, until: at + 6000 };
    await town.store.leases.take(lease);
    await ops.says('ana', 'ops ticks');
    expect(await ops.hears()).toEqual(['🟢 ticks: box-k3x9, for 0s, fence 1']);
    town.passes(6000);
    await ops.says('ana', '/ops ticks');
    expect((await ops.hears())[0]).toContain('nobody at present');
    await ops.says('ana', 'ops tick');
    expect((await ops.hears())[0]).toContain('/ops ticks');
  });

  story('one page shows what stands where in the queue, and who works on it', async (town) => {
    const ops = town.chat(GROUP);
    await town.worker('w1').beats();
    const [running, waiting] = [await ops.asks('ana', 'run backup'), await ops.asks('ana', 'run report')];
    for (const runId of [running, waiting]) await ops.says('bob', `yes ${runId}`);
    await town.worker('w1').takes();
    await ops.says('ana', 'pause report');
    town.passes(3000);
    await ops.hears();
    await ops.says('ana', '/ops queues');
    expect(await ops.hears()).toEqual([
      [
        'waiting: 1 ready, the oldest for 3s · 0 later',
        'in progress: 1, 0 of them without a beat',
        'dead letters: 0 runs · 0 messages in · 0 out',
        'held back: report',
        '🟢 worker w1: fresh, heard 3s ago · 1 slot',
      ].join('\n'),
    ]);
  });

  story('whoever was away itself does not judge', async (town) => {
    await town.worker('w1').beats();
    const look = lookIn(town);
    await look();
    town.passes(10 * 60_000);
    await look();
    expect(await town.store.runs.history('system')).toEqual([]);
    await town.worker('w1').beats();
    town.passes(SILENCE_LOOK_MS);
    await look();
    expect(await town.store.runs.history('system')).toEqual([]);
  });

  story('a loop that another process has taken over is only forgotten', async (town) => {
    const beat = (name: string) =>
      town.store.heartbeats.beat({
        name,
        kind: 'loop',
        slots: 0,
        everyMs: 10_000,
        silentMs: 300_000,
        at: town.now(),
      });
    await beat('sender@old');
    town.passes(299_000);
    await beat('sender@new');
    await watchFor(town, [lookIn(town)], 15_000);
    expect((await town.store.heartbeats.list()).map(({ name }) => name)).toEqual(['sender@new']);
    expect(await town.store.runs.history('system')).toEqual([]);
  });
});
