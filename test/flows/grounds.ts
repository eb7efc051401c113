import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, inject } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { type FreshDatabase, freshPostgresDatabase } from '../setup/fresh-database.ts';

/** Where a town can stand: an empty store, and the way back to the same data after the program has ended. */
export interface Ground {
  readonly store: Store;
  /** Closes the store and opens the same data anew. */
  reopen(): Promise<Store>;
  clear(): Promise<void>;
}

export type Clock = () => number;
export type Settle = (clock: Clock) => Promise<Ground>;

export interface Grounds {
  readonly name: string;
  /** Whether the data outlives the program. */
  readonly lasting: boolean;
  /** Called once for each group of stories. */
  readonly stake: () => Settle;
}

const inMemory: Settle = async (clock) => {
  const store = await openStore({ url: ':memory:', clock });
  return {
    store,
    reopen: () => Promise.reject(new Error('what is only in memory does not come back')),
    clear: () => store.close(),
  };
};

const inFile: Settle = async (clock) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-town-'));
  const url = `file:${join(folder, 'textops.db')}`;
  let store = await openStore({ url, clock });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openStore({ url, clock, migrate: false });
      return store;
    },
    clear: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

/** One database for the whole group, emptied between two stories: making one takes longer than any story. */
const onPostgres = (): Settle => {
  let database: FreshDatabase | undefined;
  afterAll(() => database?.drop());
  return async (clock) => {
    const migrate = database === undefined;
    database ??= await freshPostgresDatabase(inject('postgresUrl'));
    const { url } = database;
    let store = await openStore({ url, clock, migrate });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openStore({ url, clock, migrate: false });
        return store;
      },
      clear: async () => {
        await store.close();
        await empty(url);
      },
    };
  };
};

const TABLES = [
  'addresses, cards, codes, events, identities, inbox, job_later, job_leases, job_queue, job_versions, jobs',
  'schedules, schedule_occurrences, job_dead_letter, queue_pauses, repeats, dispatch_repeats, lane_pauses, outbox, outputs, people, queue_heartbeat, runs',
].join(', ');

/** The guard of the history is taken down here only: nobody can empty a town's past from inside. */
const empty = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      begin;
      alter table events disable trigger events_refuse_truncate;
      truncate ${TABLES};
      alter table events enable trigger events_refuse_truncate;
      update system_chain set seq = 0, hash = repeat('0', 64);
      commit;`);
  } finally {
    await client.end();
  }
};

export const grounds: readonly Grounds[] = [
  { name: 'SQLite in memory', lasting: false, stake: () => inMemory },
  { name: 'a SQLite file', lasting: true, stake: () => inFile },
  { name: 'PostgreSQL', lasting: true, stake: onPostgres },
];
