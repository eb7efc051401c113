import { expect, inject, test } from 'vitest';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import { openStore } from '../../src/db/open.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

const WORKS = ['queue.job_substrate.enabled', 'queue.lease_reaper.enabled', 'queue.retry.enabled'];

const onSqlite = async () => ({ url: ':memory:', drop: async () => undefined });
const onPostgres = () => freshPostgresDatabase(inject('postgresUrl'));

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('a new database on %s opens what it needs, on record, and nothing else', async (_, make) => {
  const database = await make();
  const store = await openStore({ url: database.url });
  const states = await store.gates.list();
  expect(
    states
      .filter(({ open }) => open)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(WORKS);
  expect(new Set(states.map(({ by }) => by))).toEqual(new Set(['system:install', undefined]));
  await Promise.all([recordInstalledGates(store), recordInstalledGates(store)]);
  const history = await store.runs.history('system');
  expect(history).toMatchObject(
    WORKS.map((gate) => ({ type: 'GateOpened', actor: 'system:install', payload: { gate } })),
  );
  expect(firstFault(history)).toBeUndefined();
  await store.close();
  await database.drop();
});
