import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { persist } from '../commit/persist.ts';
import { sqliteFault } from './faults.ts';

export type Connection = Database.Database;

/** `file:PATH` or `:memory:`. */
export const connectSqlite = (url: string): Promise<Connection> =>
  // The first opener of a file switches it to WAL, for which it must be alone for a moment.
  persist(async () => {
    if (url === ':memory:') return openSqliteAs(url);
    const path = resolve(url.replace(/^file:(\/\/(?=\/))?/, ''));
    mkdirSync(dirname(path), { recursive: true });
    return openSqliteAs(path);
  }, sqliteFault);

/** By the name that SQLite itself knows. Throws unless the connection is durable in every respect. */
export const openSqliteAs = (name: string): Connection => {
  const db = new Database(name, { timeout: busyTimeoutMs });
  try {
    assertVersion(db);
    setPragmas(db, name === ':memory:' ? 'memory' : 'wal');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** The event loop stands still while SQLite waits for a lock; longer waits are ours, without blocking. */
const busyTimeoutMs = 50;

const setPragmas = (db: Connection, journal: 'wal' | 'memory'): void => {
  for (const [name, { set, read }] of Object.entries(pragmas(journal))) {
    db.pragma(`${name} = ${set}`);
    // A connection that missed one of these would lose commits at a power failure, and nobody would notice.
    const found = db.pragma(name, { simple: true });
    if (found !== read) throw new Error(`SQLite has ${name} = ${String(found)}, wanted ${String(read)}.`);
  }
};

const pragmas = (journal: string): Readonly<Record<string, { set: string; read: string | number }>> => ({
  journal_mode: { set: journal, read: journal },
  synchronous: { set: 'FULL', read: 2 },
  foreign_keys: { set: 'ON', read: 1 },
  trusted_schema: { set: 'OFF', read: 0 },
  busy_timeout: { set: String(busyTimeoutMs), read: busyTimeoutMs },
  wal_autocheckpoint: { set: '1000', read: 1000 },
  journal_size_limit: { set: '67108864', read: 67_108_864 },
});

/** Older ones can corrupt a WAL that several processes write to. */
const versionMin = [3, 51, 3] as const;

const assertVersion = (db: Connection): void => {
  const found = String(db.prepare('select sqlite_version()').pluck().get());
  const parts = found.split('.').map(Number);
  const difference = versionMin.map((part, index) => (parts[index] ?? 0) - part).find((by) => by !== 0) ?? 0;
  if (difference < 0) throw new Error(`SQLite ${found} is too old; ${versionMin.join('.')} is needed.`);
};
