import Database from 'better-sqlite3';
import { readMigrations } from '../../../src/db/migrations.ts';
import { connectSqlite } from '../../../src/db/sqlite/connect.ts';
import { migrateSqlite } from '../../../src/db/sqlite/migrate.ts';

export type Connection = Database.Database;

/** An empty database as the migrations leave it; every world begins with a copy of this image. */
export const emptyDatabase = async (): Promise<Buffer> => {
  const db = await connectSqlite(':memory:');
  await migrateSqlite(db, await readMigrations('sqlite'), 0);
  const image = db.serialize();
  db.close();
  return image;
};

export const databaseFrom = (image: Buffer): Connection => {
  const db = new Database(image);
  db.pragma('foreign_keys = ON');
  return db;
};
