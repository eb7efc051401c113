import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { startLoop } from '../../src/loops/loop.ts';
import { startPulse } from '../../src/loops/pulse.ts';
import { eventually } from '../bot/eventually.ts';

test('a loop beats while it turns; one that fails falls silent; a clean end leaves nothing behind', async () => {
  let now = 1000;
  const store = await openStore({ url: ':memory:', clock: () => now });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  const observe = (one: Observation) => void seen.push(one);
  const pulse = startPulse({
    heartbeats: store.heartbeats,
    now: () => store.now(),
    instance: 'p1',
    observe,
    everyMs: 2,
  });
  let broken = false;
  const tick = (): Promise<'idle'> =>
    broken ? Promise.reject(new Error('broken')) : Promise.resolve('idle');
  const loop = startLoop({ name: 'good', idleMs: 1, observe, pulse: pulse.pulse, tick });
  const beatOf = async (name: string) =>
    (await store.heartbeats.list()).find((one) => one.name === name)?.beatAt;
  await eventually(async () => (await beatOf('good@p1')) === 1000);
  now = 2000;
  await eventually(async () => (await beatOf('good@p1')) === 2000);
  broken = true;
  await eventually(() => seen.some(({ kind }) => kind === 'loop_faulted'));
  // What had turned before the fault is written by now; after that only the heartbeats themselves go on.
  now = 3000;
  await eventually(async () => (await beatOf('heartbeats@p1')) === 3000);
  now = 4000;
  await eventually(async () => (await beatOf('heartbeats@p1')) === 4000);
  expect(await beatOf('good@p1')).toBeLessThan(4000);
  await loop.stop();
  await pulse.stop();
  expect(await store.heartbeats.list()).toEqual([]);
});
