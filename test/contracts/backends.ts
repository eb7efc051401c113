import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import type { Backend } from './given.ts';
import type { Administered } from './misfits.contract.ts';

const inMemory = async (): Promise<Backend> => {
  const store = await openStore({ url: ':memory:' });
  return { store, other: store, close: () => store.close() };
};

const inFile = async (): Promise<Administered> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-store-'));
  const url = `file:${join(folder, 'textops.db')}`;
  const store = await openStore({ url });
  const other = await openStore({ url });
  return {
    store,
    other,
    administer: (statement) => administer(url, statement),
    close: async () => {
      await Promise.all([store.close(), other.close()]);
      await rm(folder, { recursive: true });
    },
  };
};

const onPostgres = async (): Promise<Administered> => {
  const database = await freshPostgresDatabase(inject('postgresUrl'), inject('postgresTemplate'));
  const { url } = database;
  const store = await openStore({ url });
  const other = await openStore({ url, migrate: false });
  return {
    store,
    other,
    administer: (statement) => administer(url, statement),
    close: async () => {
      await Promise.all([store.close(), other.close()]);
      await database.drop();
    },
  };
};

/** Past which nobody comes: what somebody did to the data by hand needs a second door that memory has not. */
export const ADMINISTERED = { 'a SQLite file': inFile, PostgreSQL: onPostgres };

export const DATABASES = { 'SQLite in memory': inMemory, ...ADMINISTERED };
