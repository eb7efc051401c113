import Database from 'better-sqlite3';
import type { Fault } from '../fault.ts';

export const sqliteFault = (error: unknown): Fault => {
  if (!(error instanceof Database.SqliteError)) return 'other';
  const { code } = error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return 'unique';
  if (code === 'SQLITE_FULL') return 'full';
  return 'other';
};
