import { expect } from 'vitest';
import type { RunStatus } from '../../src/core/runs/run.ts';
import { minutes } from '../cast.ts';
import { onLastingStores, type Town } from './town.ts';

// The program ends and comes back. By itself that changes nothing, whatever a run was doing.

const GROUP = 'telegram:-100';

/** A run of every state that waits for somebody or something, and of most that wait no more. */
const oneOfEach = async (town: Town): Promise<void> => {
  const ops = town.chat(GROUP);
  const asks = (line = 'run backup'): Promise<string> => ops.asks('ana', line);
  const approved = async (): Promise<string> => {
    const runId = await asks();
    await ops.says('bob', `yes ${runId}`);
    return runId;
  };
  await asks();
  town.passes(minutes(31));
  await town.keepsHouse();
  await approved();
  await (await town.worker().takes()).succeeds();
  await approved();
  await (await town.worker().takes()).fails();
  await approved();
  await town.worker().takes();
  await approved();
  const heavy = await asks('run db-migrate to=0042');
  for (const who of ['bob', 'cho']) await ops.says(who, `yes ${heavy}`);
  await ops.says('bob', `no ${await asks()} not today`);
  await ops.says('ana', `cancel ${await asks()}`);
  const half = await asks('run db-migrate to=0043');
  await ops.says('bob', `yes ${half}`);
};

const everything = async ({ store, now }: Town) => ({
  runs: (await store.runs.list({ limit: 100 })).runs,
  events: await store.history.events({ chain: '', seq: 0 }, undefined, 1000),
  figures: await store.reader.figures(now()),
  letters: await store.deadLetters.list(100),
});

const STATES: readonly RunStatus[] = [
  'Approved',
  'AwaitingApproval',
  'Canceled',
  'Denied',
  'Dispatching',
  'Expired',
  'Failed',
  'Running',
  'Succeeded',
];

onLastingStores((story) => {
  story('a restart changes no state, writes no event and says nothing', async (town) => {
    await oneOfEach(town);
    await town.rings();
    const before = await everything(town);
    expect([...new Set(before.runs.map(({ state }) => state.status))].toSorted()).toEqual(STATES);

    await town.restarts();
    expect(await everything(town)).toEqual(before);
    await town.keepsHouse();
    await town.ticks();
    expect(await everything(town)).toEqual(before);
    expect(await town.rings()).toEqual([]);
  });
});
