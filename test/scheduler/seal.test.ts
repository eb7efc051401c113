import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { openStore } from '../../src/db/open.ts';
import { startSealing } from '../../src/scheduler/seal.ts';
import { asks } from '../cast.ts';
import { seedRun } from '../cli/cli-bench.ts';
import { sealerOn } from '../sealer.ts';
import { until } from '../worker/workbench.ts';

const house = async () => {
  const store = await openStore({ url: ':memory:' });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  const observe = (observation: Observation): void => void seen.push(observation);
  const sealer = await sealerOn(store, { observe });
  const newest = async (): Promise<number> => (await store.history.look('', 1)).newest?.number ?? 0;
  return { store, seen, observe, sealer, newest };
};

test('it seals by itself, and what came since once more when it stops', async () => {
  const { store, seen, observe, sealer, newest } = await house();
  await seedRun(store, asks());
  const running = startSealing({ seal: sealer.seal, observe });
  await until('it has sealed', async () => (await newest()) === 1);
  await seedRun(store, asks(undefined, { runId: 'Q2WXYZ' }));
  await running.stop();
  expect(await newest()).toBe(2);
  expect((await sealer.verify()).unsealed).toBe(0);
  expect(seen).toEqual([
    { kind: 'history_sealed', number: 1, events: 2, chains: 1 },
    { kind: 'history_sealed', number: 2, events: 2, chains: 1 },
  ]);
});

test('what keeps it from sealing is reported, and does not keep it from stopping', async () => {
  const { store, seen, observe, newest } = await house();
  await seedRun(store, asks());
  const broken = () => Promise.reject(new Error('the file is gone'));
  const running = startSealing({ seal: broken, observe });
  await until('it was reported', () => seen.length > 0);
  await running.stop();
  expect(seen).toMatchObject([{ kind: 'loop_faulted', loop: 'seal-history' }]);
  expect(await newest()).toBe(0);
});
