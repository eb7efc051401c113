import type { Pool } from 'pg';
import type { Store } from '../core/ports/store.ts';
import type { Instant } from '../core/time/instant.ts';
import { asFault, StoreFault } from './fault.ts';
import { measured, type Timed } from './measured.ts';
import {
  type Migration,
  MigrationRefused,
  type MigrationState,
  readMigrations,
  stateOf,
} from './migrations.ts';
import { PARTS, type PartName, type TakenDown, takeDown } from './parts.ts';
import { connectPool } from './pg/connect.ts';
import { pgEngine } from './pg/engine.ts';
import { pgFault } from './pg/faults.ts';
import { appliedPg, migratePg, takeDownPg } from './pg/migrate.ts';
import { type Connection, connectSqlite } from './sqlite/connect.ts';
import { sqliteEngine } from './sqlite/engine.ts';
import { sqliteFault } from './sqlite/faults.ts';
import { appliedSqlite, migrateSqlite } from './sqlite/migrate.ts';
import { storeOn } from './store.ts';
import { countPhase, type Phase } from './watch/phases.ts';

export interface StoreOptions {
  /** `file:PATH`, `:memory:` or `postgres://…`. */
  readonly url: string;
  /** Tests bring their own; otherwise PostgreSQL's clock, or the host's. */
  readonly clock?: () => Instant;
  /** False refuses a database that is not up to date instead of migrating it. */
  readonly migrate?: boolean;
  /** Is told how long each visit to the database took, waiting and second tries included. */
  readonly timed?: Timed;
}

/** Throws a `StoreFault` when the database cannot be had, and `MigrationRefused` when it does not fit the program. */
export const openStore = (options: StoreOptions): Promise<Store> =>
  inFaults(options.url, () => (isPostgres(options.url) ? openPg(options) : openSqlite(options)));

/** Applies what is missing and names it. */
export const migrateStore = (url: string): Promise<readonly string[]> =>
  inFaults(url, () =>
    connected(
      url,
      async () => migratePg(url, await readMigrations('pg'), Date.now()),
      async (db) => migrateSqlite(db, await readMigrations('sqlite'), Date.now()),
    ),
  );

export const migrationState = (url: string): Promise<MigrationState> =>
  inFaults(url, () =>
    connected(
      url,
      async (pool) => stateOf(await readMigrations('pg'), await appliedPg(pool)),
      async (db) => stateOf(await readMigrations('sqlite'), appliedSqlite(db)),
    ),
  );

/** Takes one phase of the schema back, unless something would be lost. The next migration brings it again. */
export const takeDownPart = async (url: string, name: PartName): Promise<TakenDown> => {
  const part = PARTS[name];
  // A database of a newer program is refused here, and one that never had the part has nothing to take down.
  const { applied } = await migrationState(url);
  if (!part.migrations.some((migration) => applied.includes(migration))) return { kind: 'absent' };
  return inFaults(url, () =>
    connected(
      url,
      (pool) => takeDownPg(pool, part),
      (db) => sqliteEngine(db, Date.now).write(() => takeDown(part)),
    ),
  );
};

/** Rows of each table and view of a phase. Throws a `StoreFault` where the phase is not, or not whole. */
export const phaseCounts = (url: string, phase: Phase): Promise<Readonly<Record<string, number>>> =>
  inFaults(url, async () => {
    const engine = isPostgres(url)
      ? await openPgEngine(url)
      : sqliteEngine(await connectSqlite(url), Date.now);
    try {
      return await engine.read(() => countPhase(phase));
    } finally {
      await engine.close();
    }
  });

const openPgEngine = async (url: string) => pgEngine(await connectPool(url), url, undefined);

const connected = async <T>(
  url: string,
  onPg: (pool: Pool) => Promise<T>,
  onSqlite: (db: Connection) => Promise<T>,
): Promise<T> => {
  if (isPostgres(url)) {
    const { pool, close } = await connectPool(url);
    try {
      return await onPg(pool);
    } finally {
      await close();
    }
  }
  const db = await connectSqlite(url);
  try {
    return await onSqlite(db);
  } finally {
    db.close();
  }
};

/** Until a store is open, whatever goes wrong is trouble with that database, and its cause says which. */
const inFaults = async <T>(url: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof StoreFault ? error.cause : error;
    if (cause instanceof MigrationRefused) throw cause;
    throw asFault(error, isPostgres(url) ? pgFault : sqliteFault);
  }
};

const isPostgres = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);

const openSqlite = async ({ url, clock, migrate, timed }: StoreOptions): Promise<Store> => {
  if (url !== ':memory:' && !url.startsWith('file:')) {
    throw new Error(`A database is file:PATH, :memory: or postgres://…, not ${url.split(':')[0] ?? ''}:….`);
  }
  const files = await readMigrations('sqlite');
  const db = await connectSqlite(url);
  try {
    if (migrate === false) assertCurrent(stateOf(files, appliedSqlite(db)));
    else await migrateSqlite(db, files, Date.now());
    const engine = measured(sqliteEngine(db, clock ?? Date.now), timed);
    return storeOn(engine, namesOf(files));
  } catch (error) {
    db.close();
    throw error;
  }
};

const openPg = async ({ url, clock, migrate, timed }: StoreOptions): Promise<Store> => {
  const files = await readMigrations('pg');
  // The pool first: what it finds unfit must not be migrated.
  const connections = await connectPool(url);
  try {
    if (migrate === false) assertCurrent(stateOf(files, await appliedPg(connections.pool)));
    else await migratePg(url, files, Date.now());
    const engine = measured(pgEngine(connections, url, clock), timed);
    return storeOn(engine, namesOf(files));
  } catch (error) {
    await connections.close();
    throw error;
  }
};

const namesOf = (files: readonly Migration[]): readonly string[] => files.map(({ name }) => name);

const assertCurrent = ({ pending }: MigrationState): void => {
  if (pending.length > 0) {
    throw new MigrationRefused(`The database lacks ${pending.join(', ')}; run textops migrate.`);
  }
};
