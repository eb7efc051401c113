import { inject, onTestFinished } from 'vitest';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

/** Both databases, by the name that a test title uses. */
export const DATABASES = ['SQLite', 'PostgreSQL'] as const;

/** A new, empty one for an installation in `folder`; gone with the test. */
export const freshDatabaseUrl = async (kind: (typeof DATABASES)[number], folder: string): Promise<string> => {
  if (kind === 'SQLite') return `file:${folder}/data/textops.db`;
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  return database.url;
};
