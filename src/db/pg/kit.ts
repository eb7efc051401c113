import { bigint, bigserial, index, json, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';

/** The words that tables are written in. PostgreSQL leads; the SQLite kit proves that its words mean the same. */
export const kit = {
  table: pgTable,
  /** Numbered by the database, never twice the same number. */
  id: (name: string) => bigserial(name, { mode: 'number' }).primaryKey(),
  str: (name: string) => text(name),
  int: (name: string) => bigint(name, { mode: 'number' }),
  /** Milliseconds since 1970. */
  instant: (name: string) => bigint(name, { mode: 'number' }),
  /** Kept as it was written: nothing asks the database to look inside, and taking it apart costs every write. */
  json: (name: string) => json(name),
  index,
  uniqueIndex,
  primaryKey,
};

export type Kit = typeof kit;
