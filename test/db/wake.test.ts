import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Store, Wake } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { eventually } from '../bot/eventually.ts';
import { enqueue, entry, note, nothing, T0 } from '../contracts/given.ts';

const twoDoors = async (): Promise<readonly [Store, Store]> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-wake-'));
  const open = (): Promise<Store> => openStore({ url: `file:${join(folder, 'shared.db')}` });
  const stores = [await open(), await open()] as const;
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await rm(folder, { recursive: true });
  });
  return stores;
};

const listen = (store: Store): Wake[] => {
  const woken: Wake[] = [];
  store.onWake((what) => woken.push(what));
  return woken;
};

test('on SQLite too, another process is woken by what this one put in', async () => {
  const [one, two] = await twoDoors();
  const woken = listen(two);
  let commits = 0;
  await eventually(async () => {
    commits += 1;
    await one.runs.commit([enqueue(entry(`Q${commits}`))]);
    return woken.includes('queue');
  });
  expect(new Set(woken)).toEqual(new Set(['queue']));
});

test('nobody is woken by a commit that leaves nothing to do', async () => {
  const [one, two] = await twoDoors();
  const woken = listen(two);
  const beat = () => one.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: T0 });
  let commits = 0;
  await eventually(async () => {
    commits += 1;
    await beat();
    await one.runs.commit([{ ...nothing, outbox: [note(`n${commits}`)], at: T0 }]);
    return woken.includes('outbox');
  });
  expect(new Set(woken)).toEqual(new Set(['outbox']));
});
