import { readFile } from 'node:fs/promises';
import { readMigrations } from '../db/migrations.ts';

export const packageVersion = async (): Promise<string> => {
  // From src/cli and from dist/cli the package begins two folders up.
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string }; // our own file
  return version;
};

/** Loads the native module, which is the part that a wrong installation breaks. */
export const sqliteVersion = async (): Promise<string> => {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  try {
    return String(db.prepare('select sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
};

export const migrationCount = async (dialect: 'sqlite' | 'pg'): Promise<number> =>
  (await readMigrations(dialect)).length;
