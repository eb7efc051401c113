import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { catalogContract } from './catalog.contract.ts';
import { commitContract } from './commit.contract.ts';
import { figuresContract } from './figures.contract.ts';
import type { Backend } from './given.ts';
import { heartbeatsContract } from './heartbeats.contract.ts';
import { historyContract } from './history.contract.ts';
import { inboxContract } from './inbox.contract.ts';
import { installationsContract } from './installations.contract.ts';
import { lastDayContract } from './last-day.contract.ts';
import { leasesContract } from './leases.contract.ts';
import { lettersContract } from './letters.contract.ts';
import { type Administered, misfitsContract } from './misfits.contract.ts';
import { outboxContract } from './outbox.contract.ts';
import { owedContract } from './owed.contract.ts';
import { pausesContract } from './pauses.contract.ts';
import { peopleContract } from './people.contract.ts';
import { queueContract } from './queue.contract.ts';
import { reachContract } from './reach.contract.ts';
import { refusalsContract } from './refusals.contract.ts';
import { requestDraftsContract } from './request-drafts.contract.ts';
import { runsContract } from './runs.contract.ts';
import { schedulesContract } from './schedules.contract.ts';
import { scoresContract } from './scores.contract.ts';
import { secretsContract } from './secrets.contract.ts';
import { tamperContract } from './tamper.contract.ts';
import { tokensContract } from './tokens.contract.ts';
import { webSessionsContract } from './web-sessions.contract.ts';

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

const contracts = [
  commitContract,
  runsContract,
  queueContract,
  inboxContract,
  outboxContract,
  peopleContract,
  installationsContract,
  tokensContract,
  webSessionsContract,
  catalogContract,
  schedulesContract,
  figuresContract,
  lastDayContract,
  lettersContract,
  pausesContract,
  reachContract,
  refusalsContract,
  requestDraftsContract,
  heartbeatsContract,
  leasesContract,
  owedContract,
  historyContract,
  scoresContract,
];

for (const [name, open] of Object.entries({
  'SQLite in memory': inMemory,
  'a SQLite file': inFile,
  PostgreSQL: onPostgres,
})) {
  describe(`a store on ${name}`, () => {
    for (const contract of contracts) contract(open);
  });
}

for (const [name, open] of Object.entries({ 'a SQLite file': inFile, PostgreSQL: onPostgres })) {
  describe(`a store on ${name} with an administrator`, () => {
    misfitsContract(open);
    secretsContract(open);
    tamperContract(open);
  });
}
