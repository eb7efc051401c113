import Database from 'better-sqlite3';
import { readMigrations } from '../../src/db/migrations.ts';
import { type Connection, connectSqlite } from '../../src/db/sqlite/connect.ts';
import { sqliteEngine } from '../../src/db/sqlite/engine.ts';
import { migrateSqlite } from '../../src/db/sqlite/migrate.ts';
import { storeOn } from '../../src/db/store.ts';
import type { Clock, Settle } from './grounds.ts';

/** Every row of every table that was asked about, by table, as one text to compare. */
export type Rows = Readonly<Record<string, string>>;

/** A database in memory that can be looked at past the store, and had again as it is now. */
export interface Open {
  readonly settle: Settle;
  readonly rows: () => Rows;
  readonly image: () => Buffer;
}

/** Messages on their way in and out, and what is counted about them: whoever is refused leaves a mark here and nowhere else. */
const TRAFFIC: readonly string[] = ['inbox', 'outbox', 'cards', 'repeats', 'refusals'];

/** An empty one, or one that begins as another was. */
export const openCopy = async (image?: Buffer): Promise<Open> => {
  const db: Connection = image === undefined ? await connectSqlite(':memory:') : new Database(image);
  if (image === undefined) await migrateSqlite(db, await readMigrations('sqlite'), 0);
  return {
    settle: (clock: Clock) => {
      const store = storeOn(sqliteEngine(db, clock));
      return Promise.resolve({
        store,
        reopen: () => Promise.reject(new Error('what is only in memory does not come back')),
        clear: () => store.close(),
      });
    },
    rows: () => rowsOf(db),
    image: () => db.serialize(),
  };
};

const rowsOf = (db: Connection): Rows => {
  const names = db
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'table' order by name")
    .all()
    .map(({ name }) => name)
    .filter((name) => !TRAFFIC.includes(name) && !name.startsWith('sqlite_'));
  return Object.fromEntries(
    names.map((name) => {
      const all = db.prepare(`select * from ${name}`).all();
      return [
        name,
        all
          .map((row) => JSON.stringify(row))
          .toSorted()
          .join(),
      ];
    }),
  );
};

/** Tables whose rows are no longer what they were. */
export const changed = (before: Rows, after: Rows): readonly string[] =>
  Object.keys(after).filter((name) => before[name] !== after[name]);
