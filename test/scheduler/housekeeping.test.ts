import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { furnish } from '../../src/program/house.ts';
import { housekeeping, startHousekeeping } from '../../src/scheduler/start.ts';
import { ana, asks, backup, bob, minutes, noon, onePm, RUN, says } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { until } from '../worker/workbench.ts';

const house = async () => {
  let now = noon;
  const store = await openStore({ url: ':memory:', clock: () => now });
  onTestFinished(() => store.close());
  await store.people.replaceFilePeople([ana, bob], noon);
  const seen: Observation[] = [];
  const rooms = furnish({
    store,
    profile: 'dev',
    version: '0',
    leaseMs: 30_000,
    buttonToken: () => '0123456789abcdef',
    fingerprint: async () => ({}),
    observe: logged((observation) => seen.push(observation)),
    cards: () => false,
    channels: () => [],
    startedAt: noon,
  });
  const status = async () => (await store.runs.find([RUN])).get(RUN)?.state.status;
  const give = (command: Parameters<typeof rooms.orchestrator.execute>[0]['command']) =>
    rooms.orchestrator.execute({ runId: RUN, command });
  return { store, rooms, seen, status, give, at: (moment: number) => (now = moment) };
};

test('a request that nobody answered expires, and not a moment too soon', async () => {
  const { rooms, give, at, status, store } = await house();
  await give(() => asks(backup));
  at(noon + minutes(30));
  expect(await housekeeping(rooms)['close-overdue']()).toBe('idle');
  expect(await status()).toBe('AwaitingApproval');
  at(noon + minutes(30) + 1);
  await housekeeping(rooms)['close-overdue']();
  expect(await status()).toBe('Expired');
  expect((await store.runs.history(RUN)).at(-1)).toMatchObject({
    type: 'ApprovalTimedOut',
    actor: 'system',
    payload: { clock: 'decide-by' },
  });
});

test('a run that no worker took in time expires and leaves the queue', async () => {
  const { rooms, give, at, status, store } = await house();
  await give(() => asks(backup));
  await give(() => says.yes(bob));
  expect(await status()).toBe('Dispatching');
  at(onePm);
  await housekeeping(rooms)['close-overdue']();
  expect(await status()).toBe('Expired');
  expect(await store.queue.claim({ workerId: 'w1', limit: 1, at: onePm, leaseMs: 1000 })).toEqual([]);
});

test('the loops do it by themselves', async () => {
  const { rooms, give, at, status, seen } = await house();
  const observe = (observation: Observation) => void seen.push(observation);
  const running = startHousekeeping({ rooms, observe, everyMs: 5 });
  await give(() => asks(backup));
  at(onePm);
  await until('it expired', async () => (await status()) === 'Expired');
  await running.stop();
  await running.stop();
  expect(seen.filter(({ kind }) => kind === 'loop_faulted')).toEqual([]);
});
