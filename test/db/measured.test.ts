import { expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';

test('every visit to the database is timed, by whether it wrote', async () => {
  const seen: [string, number][] = [];
  const store = await openStore({ url: ':memory:', timed: (op, tookMs) => seen.push([op, tookMs]) });
  await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: 1 });
  await store.heartbeats.list();
  expect(seen.map(([op]) => op)).toEqual(['write', 'read']);
  expect(seen.every(([, tookMs]) => tookMs >= 0)).toBe(true);
  await store.close();
  await expect(store.heartbeats.list()).rejects.toThrow(/not open/);
  // One that fails took its time as well.
  expect(seen.map(([op]) => op)).toEqual(['write', 'read', 'read']);
});

test('a store knows whether its schema has every migration of the program', async () => {
  const store = await openStore({ url: ':memory:' });
  const { applied, fits } = await store.schema();
  expect(applied).toBeGreaterThan(10);
  expect(fits).toBe(true);
  await store.close();
});
