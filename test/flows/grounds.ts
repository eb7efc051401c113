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

export const inMemory: Settle = async (clock) => {
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

/** One database, emptied between two stories: making one takes longer than any story. */
export const inPostgres = (url: string): Settle => {
  let migrate = true;
  return async (clock) => {
    let store = await openStore({ url, clock, migrate });
    migrate = false;
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openStore({ url, clock, migrate });
        return store;
      },
      clear: async () => {
        await store.close();
        await empty(url);
      },
    };
  };
};

const onPostgres = (): Settle => {
  let database: FreshDatabase | undefined;
  let settle: Settle | undefined;
  afterAll(() => database?.drop());
  return async (clock) => {
    database ??= await freshPostgresDatabase(inject('postgresUrl'));
    settle ??= inPostgres(database.url);
    return settle(clock);
  };
};

/** What the installation brings with it stays; a table of a later migration is emptied without being named here. */
const EMPTY = `
  do $$ declare name text; begin
    alter table events disable trigger user;
    alter table seals disable trigger user;
    alter table seal_heads disable trigger user;
    for name in
      select tablename from pg_tables where schemaname = current_schema()
        and tablename not in ('schema_migrations', 'gates', 'system_chain')
        -- They point at people.
        order by tablename <> 'identities'
    loop execute format('delete from %I', name); end loop;
    alter table events enable trigger user;
    alter table seals enable trigger user;
    alter table seal_heads enable trigger user;
    update system_chain set seq = 0, hash = repeat('0', 64), sealed_seq = 0;
  end $$`;

/** The guard of the history is taken down here only: nobody can empty a town's past from inside. */
const empty = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(EMPTY);
  } finally {
    await client.end();
  }
};

export const grounds: readonly Grounds[] = [
  { name: 'SQLite in memory', lasting: false, stake: () => inMemory },
  { name: 'a SQLite file', lasting: true, stake: () => inFile },
  { name: 'PostgreSQL', lasting: true, stake: onPostgres },
];
