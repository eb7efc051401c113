import Database from 'better-sqlite3';
import { Client } from 'pg';
import { freshPostgresDatabase } from '../test/setup/fresh-database.ts';
import { type PostgresServer, startPostgres } from '../test/setup/postgres-server.ts';

export type Dialect = 'SQLite' | 'PostgreSQL';
export const DIALECTS: readonly Dialect[] = ['SQLite', 'PostgreSQL'];

export interface Databases extends AsyncDisposable {
  /** An empty database: a file in that folder, or a new one on the server. */
  fresh(dialect: Dialect, folder: string): Promise<string>;
}

/** SQLite in a real file (the program sets synchronous=FULL), PostgreSQL on a server of our own with fsync on. */
export const openDatabases = (): Databases => {
  let server: Promise<PostgresServer> | undefined;
  let files = 0;
  return {
    fresh: async (dialect, folder) => {
      if (dialect === 'SQLite') {
        files += 1;
        return `file:${folder}/bench-${files}.db`;
      }
      server ??= startPostgres({ fsync: 'on' });
      return (await freshPostgresDatabase((await server).url)).url;
    },
    [Symbol.asyncDispose]: async () => {
      await (await server)?.stop();
    },
  };
};

export interface Observer extends AsyncDisposable {
  /** The one number that a statement answers. */
  number(sql: string): Promise<number>;
  run(sql: string): Promise<void>;
}

/** Looks at a database from outside, beside the program that works on it. */
export const observe = async (url: string): Promise<Observer> =>
  url.startsWith('file:') ? observeSqlite(url.slice('file:'.length)) : observePg(url);

const observeSqlite = (path: string): Observer => {
  const db = new Database(path, { timeout: 5000 });
  return {
    number: async (sql) => Number(db.prepare(sql).pluck().get()),
    run: async (sql) => {
      db.exec(sql);
    },
    [Symbol.asyncDispose]: async () => {
      db.close();
    },
  };
};

const observePg = async (url: string): Promise<Observer> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    number: async (sql) => {
      const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      return Number(rows[0]?.[0]);
    },
    run: async (sql) => {
      await client.query(sql);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
};
