import { existsSync } from 'node:fs';
import { databaseName, databaseUrl } from '../config/database-url.ts';
import type { DatabaseSettings } from '../config/settings.ts';
import type { Store } from '../core/ports/store.ts';
import { StoreFault } from '../db/fault.ts';
import { MigrationRefused } from '../db/migrations.ts';
import { openStore } from '../db/open.ts';
import { Stop } from './voice/stop.ts';

/** `look` never creates a database and never changes its schema: it must be safe to type anywhere. */
export type DatabaseUse = 'look' | 'serve';

export const withDatabase = async <T>(
  database: DatabaseSettings,
  work: (store: Store) => Promise<T>,
  use: DatabaseUse = 'look',
): Promise<T> => {
  if (use === 'look') assertThere(database);
  const store = await inWords(database, () =>
    openStore({ url: databaseUrl(database), migrate: use === 'serve' }),
  );
  try {
    return await inWords(database, () => work(store));
  } finally {
    await store.close();
  }
};

/** Whether there is something to look into; a server always counts, and then says for itself what it lacks. */
export const isThere = (database: DatabaseSettings): boolean =>
  database.dialect === 'pg' || existsSync(database.file);

/** SQLite makes a file out of every typing error. */
export const assertThere = (database: DatabaseSettings): void => {
  if (database.dialect === 'pg' || isThere(database)) return;
  if (database.file === ':memory:') {
    const message = 'DATABASE_URL is :memory:, which only the process that opened it can look into.';
    throw new Stop({ code: 'DATABASE_MISSING', message });
  }
  throw new Stop({
    code: 'DATABASE_MISSING',
    message: `There is no database at ${database.file}.`,
    hint: 'npx textops start makes one; DATABASE_URL or --db names another.',
  });
};

/** What people can do something about becomes one sentence; everything else stays the fault that it is. */
export const inWords = async <T>(database: DatabaseSettings, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MigrationRefused) {
      throw new Stop({ code: 'SCHEMA_MISMATCH', message: error.message }, error);
    }
    if (!(error instanceof StoreFault)) throw error;
    // A fault of the store says that it gave up; why, says its cause.
    const message = `The database ${databaseName(database)} cannot be used: ${firstLine(error.cause)}`;
    throw new Stop(
      { code: 'DATABASE_UNREACHABLE', message, hint: 'npx textops doctor looks further.' },
      error,
    );
  }
};

/** Several addresses of one host fail with an error that has no text of its own. */
const firstLine = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return firstLine(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
};
