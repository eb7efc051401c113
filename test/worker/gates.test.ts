import { expect, test } from 'vitest';
import { gatesFor } from '../../src/core/flows/ops/gates.ts';
import { openStore } from '../../src/db/open.ts';
import { dbMigrate, noon, onePm, withSpec } from '../cast.ts';

const night = { days: ['sat', 'sun'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' } as const;

const house = async () => {
  let now = noon;
  const store = await openStore({ url: ':memory:', clock: () => now });
  const { spec } = withSpec(dbMigrate, { window: night });
  await store.catalog.put({ key: 'db-migrate', spec, mode: 'create', by: 'user:dev:ana', at: noon });
  const beat = (name: string, at: number) => store.heartbeats.beat({ name, kind: 'worker', slots: 1, at });
  return { store, beat, gates: gatesFor({ store }, 30_000), at: (moment: number) => (now = moment) };
};

const startOne = 'whoever has the host starts one: textops worker';
const notFrozen = { name: 'freeze', met: true, words: 'freeze off' };

test('a freeze is named first, with whoever can end it', async () => {
  const { gates, store, at } = await house();
  at(onePm);
  const upkeep = [{ kind: 'freeze', by: 'Cho', reason: 'incident' }] as const;
  await store.runs.commit([{ queue: [], outbox: [], upkeep, at: noon }]);
  expect((await gates({ jobKey: 'db-migrate', jobVersion: 1 }))[0]).toEqual({
    name: 'freeze',
    met: false,
    words: 'freeze ON',
    remedy: 'set by Cho; /unfreeze',
  });
  await store.close();
});

test('without a worker and outside of its window a heavy job cannot start, and it is said why', async () => {
  const { gates, store } = await house();
  expect(await gates({ jobKey: 'db-migrate', jobVersion: 1 })).toEqual([
    notFrozen,
    {
      name: 'window',
      met: false,
      words: 'window sat, sun 22:00–06:00 Europe/Berlin',
      remedy: 'opens by itself; an owner can change the job',
    },
    { name: 'worker', met: false, words: 'no worker is running', remedy: startOne },
  ]);
  await store.close();
});

test('inside of its window, with a worker that beats, it can', async () => {
  const { gates, store, beat, at } = await house();
  const lateEvening = Date.UTC(2026, 10, 21, 22, 30);
  at(lateEvening);
  await beat('w1', lateEvening - 29_000);
  expect((await gates({ jobKey: 'db-migrate', jobVersion: 1 })).map(({ met }) => met)).toEqual([
    true,
    true,
    true,
  ]);
  await store.close();
});

test('a worker that went silent does not count, unless another one is alive', async () => {
  const { gates, store, beat, at } = await house();
  await beat('w1', noon);
  at(onePm);
  expect(await gates({ jobKey: 'unknown', jobVersion: 1 })).toEqual([
    notFrozen,
    { name: 'worker', met: false, words: 'worker w1 silent for 1h', remedy: startOne },
  ]);
  await beat('w2', onePm - 1000);
  expect(await gates({ jobKey: 'unknown', jobVersion: 1 })).toEqual([
    notFrozen,
    { name: 'worker', met: true, words: 'worker w2 alive' },
  ]);
  await store.close();
});
