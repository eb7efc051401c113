import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { persist } from '../commit/persist.ts';
import { connectSqlite } from './connect.ts';
import { sqliteFault } from './faults.ts';

/** Writes the database, as one moment of it was, into a new file; whoever works in it goes on meanwhile. */
export const copySqlite = async (file: string, to: string): Promise<void> => {
  const db = await connectSqlite(`file:${file}`);
  try {
    await persist(async () => void db.prepare('vacuum into ?').run(to), sqliteFault);
  } finally {
    db.close();
  }
  toDisk(to);
};

/** What a file holds, found out without changing it. */
export interface SqliteContents {
  /** What SQLite itself finds wrong; empty when nothing is. */
  readonly faults: readonly string[];
  /** The newest migration; undefined when it is no database of ours. */
  readonly schema?: string;
  readonly runs: number;
  readonly events: number;
}

/** Throws when it is no SQLite file at all. */
export const contentsOf = (file: string): SqliteContents => {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const faults = [
      ...orDamage(() => db.prepare<[], string>('pragma integrity_check').pluck().all()),
      ...orDamage(() => db.prepare<[], { table: string }>('pragma foreign_key_check').all().map(brokenKey)),
    ].filter((words) => words !== 'ok');
    if (faults.length > 0) return { faults, runs: 0, events: 0 };
    const known = db.prepare("select 1 from sqlite_schema where name = 'schema_migrations'").get();
    if (known === undefined) return { faults, runs: 0, events: 0 };
    const schema = db.prepare<[], string>('select max(name) from schema_migrations').pluck().get();
    const count = (table: 'runs' | 'events'): number =>
      Number(db.prepare(`select count(*) from ${table}`).pluck().get());
    return { faults, runs: count('runs'), events: count('events'), ...(schema && { schema }) };
  } finally {
    db.close();
  }
};

/** A page can be so damaged that not even the question gets through. */
const orDamage = (look: () => readonly string[]): readonly string[] => {
  try {
    return look();
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))
      return [error.message];
    throw error;
  }
};

const brokenKey = ({ table }: { readonly table: string }): string => `a row of ${table} refers to nothing`;

/** Whether no other connection is open, in this process or in any other on this machine. */
export const isUnused = (file: string): boolean => {
  const db = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    // Every connection holds a lock on the file for as long as it is open, so that this one is to be had by the last only.
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('begin exclusive; commit');
    return true;
  } catch (error) {
    if (sqliteFault(error) === 'busy') return false;
    throw error;
  } finally {
    db.close();
  }
};

/**
 * Puts `by` in the place of `file`, and keeps what was there as `keptAs`. Wherever this is cut off there is a database at
 * `file`, the old one or the new one: nobody who starts in between would begin with an empty one.
 */
export const replaceSqlite = (file: string, by: string, keptAs: string): void => {
  if (existsSync(file)) linkSync(file, keptAs);
  // What stands in the log of the old file would be written into the new one.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${keptAs}-wal`);
  rmSync(`${file}-shm`, { force: true });
  toDisk(by);
  renameSync(by, file);
  toDisk(dirname(file));
};

const toDisk = (path: string): void => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
