import { existsSync } from 'node:fs';
import { databaseName, databaseUrl } from '../../config/database-url.ts';
import type { DatabaseSettings } from '../../config/settings.ts';
import { isExpansion } from '../../db/migrations.ts';
import { migrationState } from '../../db/open.ts';
import { inWords } from '../database.ts';
import { bad, type Finding, ok, warning } from '../doctor/finding.ts';
import { Stop } from '../voice/stop.ts';

/** What a start would do to the database, and whether the release before it could go on with what comes of that. */
export const checkSchema = async (database: DatabaseSettings): Promise<readonly Finding[]> => {
  const name = databaseName(database);
  if (database.dialect === 'sqlite' && !existsSync(database.file)) {
    return [ok('database', `${name} does not exist yet; the start makes it`)];
  }
  try {
    const { applied, pending } = await inWords(database, () => migrationState(databaseUrl(database)));
    return [ok('database', name), judgeSchema(applied.length, pending)];
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return [bad('database', error.message, 'check DATABASE_URL, or take the TextOps that migrated it')];
  }
};

export const judgeSchema = (applied: number, pending: readonly string[]): Finding => {
  if (pending.length === 0) return ok('schema', `${applied} migrations, up to date`);
  const count = pending.length === 1 ? '1 migration' : `${pending.length} migrations`;
  const words = `${applied} → ${applied + pending.length}, ${count}`;
  if (applied === 0 || pending.every(isExpansion)) return ok('schema', `${words}, all of them only add`);
  const final = pending.filter((each) => !isExpansion(each)).join(', ');
  const cure = 'textops db backup --verify first: the way back from there is a restore';
  return warning('schema', `${words}; the release before does not know ${final}`, cure);
};
