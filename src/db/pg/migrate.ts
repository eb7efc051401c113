import { Client, type Pool } from 'pg';
import { persist } from '../commit/persist.ts';
import { type Applied, MIGRATIONS_TABLE, type Migration, pendingOf } from '../migrations.ts';
import { type Part, type TakenDown, takeDown } from '../parts.ts';
import { clientConfig } from './connect.ts';
import { transact } from './engine.ts';
import { pgFault } from './faults.ts';

/** Any number will do, as long as it is always the same one. */
const lockKey = 7_439_650;

/** Applies what is missing, one transaction per file, while an advisory lock keeps every other process waiting. */
export const migratePg = async (
  url: string,
  files: readonly Migration[],
  at: number,
): Promise<readonly string[]> => {
  // A connection of its own without time limits: building an index on a large table takes as long as it takes.
  const client = new Client(clientConfig(url));
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const done: string[] = [];
    for (const file of pendingOf(files, await appliedPg(client))) {
      await apply(client, file, at);
      done.push(file.name);
    }
    return done;
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
};

export const appliedPg = async (on: Pool | Client): Promise<readonly Applied[]> => {
  const { rows } = await on.query<{ known: boolean }>(
    "select to_regclass('schema_migrations') is not null as known",
  );
  if (rows[0]?.known !== true) return [];
  return (await on.query<Applied>('select name, checksum from schema_migrations order by name')).rows;
};

const apply = async (client: Client, file: Migration, at: number): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(MIGRATIONS_TABLE);
    for (const statement of file.statements) await client.query(statement);
    await client.query('insert into schema_migrations (name, checksum, applied_at) values ($1, $2, $3)', [
      file.name,
      file.checksum,
      at,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
};

export const takeDownPg = (pool: Pool, part: Part): Promise<TakenDown> => {
  const locks = {
    turn: `select pg_advisory_xact_lock(${lockKey})`,
    tables: `lock table ${part.tables.join(', ')} in access exclusive mode`,
  };
  return persist(() => transact(pool, () => takeDown(part, locks)), pgFault);
};
