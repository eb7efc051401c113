import { existsSync } from 'node:fs';
import { databaseName, databaseUrl } from '../../config/database-url.ts';
import type { DatabaseSettings } from '../../config/settings.ts';
import { migrationState } from '../../db/open.ts';
import { inWords, withDatabase } from '../database.ts';
import { Stop } from '../voice/stop.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Whether it can be reached, fits the program, keeps what is committed, and agrees about the time. */
export const checkDatabase = async (
  database: DatabaseSettings,
  now: () => number,
): Promise<readonly Finding[]> => {
  const name = databaseName(database);
  if (database.dialect === 'sqlite' && database.file === ':memory:') {
    return [warning('database', 'in memory: everything is gone when it stops', 'set DATABASE_URL to a file')];
  }
  if (database.dialect === 'sqlite' && !existsSync(database.file)) {
    return [ok('database', `${name} does not exist yet; npx textops start makes it`)];
  }
  try {
    // Opening has set and read back every pragma that durability depends on.
    const { applied, pending } = await inWords(database, () => migrationState(databaseUrl(database)));
    const durable = database.dialect === 'sqlite' ? ', WAL, every commit on disk' : ', synchronous commits';
    const reached = ok('database', `${name}${durable}`);
    if (pending.length > 0) {
      return [reached, bad('schema', `${pending.length} migrations behind`, 'run npx textops migrate')];
    }
    return [
      reached,
      ok('schema', `${applied.length} migrations, up to date`),
      await clockFinding(database, now),
    ];
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return [bad('database', error.message, CURE[error.problem.code] ?? 'check DATABASE_URL')];
  }
};

const CURE: Readonly<Record<string, string>> = {
  SCHEMA_MISMATCH: 'use the TextOps that migrated it, or restore its files',
};

const clockFinding = async (database: DatabaseSettings, now: () => number): Promise<Finding> => {
  const before = now();
  const there = await withDatabase(database, (store) => store.now());
  return judgeClock(there, before, now());
};

const SKEW_MS_MAX = 2_000;

/** What the database says lies between the two looks at our own clock, give or take. */
export const judgeClock = (there: number, before: number, after: number): Finding => {
  const skewMs = there < before ? there - before : there > after ? there - after : 0;
  const words = `${(Math.abs(skewMs) / 1000).toFixed(2)} s ${skewMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(skewMs) > SKEW_MS_MAX
    ? bad('clock', `the database is ${words}`, 'set both clocks by NTP')
    : ok('clock', 'database and machine agree');
};
