import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Kit } from '../pg/kit.ts';

const own = {
  table: sqliteTable,
  id: (name: string) => integer(name).primaryKey({ autoIncrement: true }),
  str: (name: string) => text(name),
  int: (name: string) => integer(name),
  instant: (name: string) => integer(name),
  json: (name: string) => text(name, { mode: 'json' }),
  index,
  uniqueIndex,
  primaryKey,
};

type Column = 'id' | 'str' | 'int' | 'instant' | 'json';
type DataOf<F extends (name: string) => { _: { data: unknown } }> = ReturnType<F>['_']['data'];
type Same<A, B> = [A, B] extends [B, A] ? true : [A, 'is not', B];
type Proof = { [C in Column]: Same<DataOf<(typeof own)[C]>, DataOf<Kit[C]>> };
const agrees: Proof[Column] extends true ? true : Proof = true;

// The one cast between the dialects; the line above proves, column by column, that the data agree.
export const kit = (agrees && own) as unknown as Kit;
