import { databaseName, databaseUrl } from '../../config/database-url.ts';
import { migrateStore, migrationState } from '../../db/open.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `textops migrate`: brings the database up to date and says what it took. */
export const migrate = async ({ voice, settings }: CliContext): Promise<ExitCode> => {
  const { database } = settings();
  const applied = await inWords(database, () => migrateStore(databaseUrl(database)));
  if (voice.json) voice.document('migrations', { applied, pending: [] });
  else if (applied.length === 0) voice.data(`${databaseName(database)} is up to date.`);
  else voice.data(applied.map((name) => `applied ${name}`).join('\n'));
  return EXIT.done;
};

/** `textops migrate status`: what would be done. */
export const migrateStatus = async ({ voice, settings }: CliContext): Promise<ExitCode> => {
  const { database } = settings();
  assertThere(database);
  const state = await inWords(database, () => migrationState(databaseUrl(database)));
  if (voice.json) voice.document('migrations', state);
  else {
    voice.table(
      ['MIGRATION', 'STATE'],
      [...state.applied.map((name) => [name, 'applied']), ...state.pending.map((name) => [name, 'pending'])],
    );
  }
  return EXIT.done;
};
