import { persist } from '../commit/persist.ts';
import { type Applied, MIGRATIONS_TABLE, type Migration, pendingOf } from '../migrations.ts';
import type { Connection } from './connect.ts';
import { sqliteFault } from './faults.ts';

/** Applies what is missing, one transaction per file. Whoever comes second finds it done. */
export const migrateSqlite = async (
  db: Connection,
  files: readonly Migration[],
  at: number,
): Promise<readonly string[]> => {
  const done: string[] = [];
  for (;;) {
    const name = await persist(async () => applyNext(db, files, at), sqliteFault);
    if (name === undefined) return done;
    done.push(name);
  }
};

export const appliedSqlite = (db: Connection): readonly Applied[] => {
  const known = db.prepare("select 1 from sqlite_schema where name = 'schema_migrations'").get();
  if (known === undefined) return [];
  return db.prepare<[], Applied>('select name, checksum from schema_migrations order by name').all();
};

const applyNext = (db: Connection, files: readonly Migration[], at: number): string | undefined => {
  // Rebuilding a table would otherwise drop rows that refer to it; inside a transaction the pragma does nothing.
  db.pragma('foreign_keys = OFF');
  try {
    db.exec('begin immediate');
    const name = underLock(db, files, at);
    db.exec('commit');
    return name;
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    throw error;
  } finally {
    db.pragma('foreign_keys = ON');
  }
};

/** The immediate transaction is the lock: of many processes that start together each file is applied by one. */
const underLock = (db: Connection, files: readonly Migration[], at: number): string | undefined => {
  const next = pendingOf(files, appliedSqlite(db))[0];
  if (next === undefined) return undefined;
  db.exec(MIGRATIONS_TABLE);
  for (const statement of next.statements) db.exec(statement);
  const broken = db.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0)
    throw new Error(`Migration ${next.name} breaks foreign keys.`);
  db.prepare('insert into schema_migrations (name, checksum, applied_at) values (?, ?, ?)').run(
    next.name,
    next.checksum,
    at,
  );
  return next.name;
};
