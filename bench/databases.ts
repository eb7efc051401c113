import { copyFile, rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { freshPostgresDatabase } from '../test/setup/fresh-database.ts';
import { type PostgresServer, startPostgres } from '../test/setup/postgres-server.ts';

export type Dialect = 'SQLite' | 'PostgreSQL';
export const DIALECTS: readonly Dialect[] = ['SQLite', 'PostgreSQL'];

export interface Databases extends AsyncDisposable {
  /** An empty database: a file in that folder, or a new one on the server. */
  fresh(dialect: Dialect, folder: string): Promise<string>;
  /** Another one with the same content, while nobody is connected to the first. */
  copy(url: string, folder: string): Promise<string>;
  /** Ends the connections that it still has. */
  drop(url: string): Promise<void>;
}

/** SQLite in a real file (the program sets synchronous=FULL), PostgreSQL on a server of our own with fsync on. */
export const openDatabases = (): Databases => {
  let server: Promise<PostgresServer> | undefined;
  let files = 0;
  const newFile = (folder: string): string => {
    files += 1;
    return `file:${folder}/bench-${files}.db`;
  };
  const onServer = async (statement: string): Promise<void> => {
    await using database = await observe((await (server ??= startPostgres({ fsync: 'on' }))).url);
    await database.run(statement);
  };
  return {
    fresh: async (dialect, folder) => {
      if (dialect === 'SQLite') return newFile(folder);
      server ??= startPostgres({ fsync: 'on' });
      return (await freshPostgresDatabase((await server).url)).url;
    },
    copy: async (url, folder) => {
      if (isFile(url)) {
        const copied = newFile(folder);
        await settle(url);
        await copyFile(pathOf(url), pathOf(copied));
        return copied;
      }
      files += 1;
      const copied = new URL(url);
      copied.pathname = `/textops_copy_${files}`;
      await onServer(
        `create database ${copied.pathname.slice(1)} template ${new URL(url).pathname.slice(1)}`,
      );
      return copied.href;
    },
    drop: async (url) => {
      if (!isFile(url)) return onServer(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
      for (const suffix of ['', '-wal', '-shm']) await rm(`${pathOf(url)}${suffix}`, { force: true });
    },
    [Symbol.asyncDispose]: async () => {
      await (await server)?.stop();
    },
  };
};

const isFile = (url: string): boolean => url.startsWith('file:');
const pathOf = (url: string): string => url.slice('file:'.length);

/**
 * What lies in logs and caches is written where it belongs, and the planner knows the tables, so that neither falls into
 * what is measured next.
 */
export const settle = async (url: string): Promise<void> => {
  await using database = await observe(url);
  for (const statement of isFile(url)
    ? ['pragma wal_checkpoint(truncate)']
    : ['vacuum analyze', 'checkpoint']) {
    await database.run(statement);
  }
};

export interface Observer extends AsyncDisposable {
  /** The one number that a statement answers. */
  number(sql: string): Promise<number>;
  run(sql: string): Promise<void>;
}

/** Looks at a database from outside, beside the program that works on it. */
export const observe = async (url: string): Promise<Observer> =>
  isFile(url) ? observeSqlite(pathOf(url)) : observePg(url);

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
