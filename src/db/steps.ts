/**
 * What the store does, as values: a generator yields statements and gets rows back. On SQLite all steps run at once
 * inside one synchronous transaction, on PostgreSQL each is awaited; what happens between them is written once.
 */

/** Text is written for PostgreSQL: `$1`, `= any($1)`, `for update` or `share`. The SQLite engine translates these three things. */
export type Step =
  | { readonly kind: 'rows'; readonly sql: string; readonly params: readonly Param[] }
  | { readonly kind: 'many'; readonly many: Many; readonly rows: readonly (readonly Value[])[] };

export type Value = string | number | null;
export type Param = Value | readonly string[] | readonly number[];

export type Steps<T> = Generator<Step, T, readonly unknown[]>;

/** One statement; the caller names the shape that its columns have. */
export function* rows<Row>(sql: string, ...params: readonly Param[]): Steps<readonly Row[]> {
  // What comes out of a database has the shape that the statement says; the contract suite proves it on each.
  return (yield { kind: 'rows', sql, params }) as readonly Row[];
}

export function* first<Row>(sql: string, ...params: readonly Param[]): Steps<Row | undefined> {
  return (yield* rows<Row>(sql, ...params))[0];
}

/** The same statement for many rows: one set-based statement on PostgreSQL, a prepared one row by row on SQLite. */
export function* many(statement: Many, values: readonly (readonly Value[])[]): Steps<readonly unknown[]> {
  if (values.length === 0) return [];
  return yield { kind: 'many', many: statement, rows: values };
}

export interface Many {
  /** With `?` in the order of the columns. */
  readonly sqlite: string;
  /** With `$1`, `$2`, … each an array with one column's values. */
  readonly pg: string;
  readonly columns: number;
}

type Type = 'text' | 'bigint' | 'json';
type Columns = Readonly<Record<string, Type>>;

/** `tail` is the `on conflict` and `returning` part. */
export const insertMany = (table: string, columns: Columns, tail = ''): Many => {
  const names = Object.keys(columns);
  const list = names.join(', ');
  return {
    sqlite: `insert into ${table} (${list}) values (${names.map(() => '?').join(', ')}) ${tail}`,
    // The order of the arrays is the order in which the rows get their numbers.
    pg: `insert into ${table} (${list}) select ${selected(columns)} from ${unnested(columns)} ${tail}`,
    columns: names.length,
  };
};

/** Values come in the order of the columns, and last the key of the row. */
export const updateMany = (table: string, columns: Columns, key: readonly [string, Type]): Many => {
  const names = Object.keys(columns);
  const all = { ...columns, [key[0]]: key[1] };
  return {
    sqlite: `update ${table} set ${names.map((name) => `${name} = ?`).join(', ')} where ${key[0]} = ?`,
    pg:
      `update ${table} set ${names.map((name) => `${name} = ${cast(name, columns)}`).join(', ')} ` +
      `from ${unnested(all)} where ${table}.${key[0]} = u.${key[0]}`,
    columns: names.length + 1,
  };
};

const cast = (name: string, columns: Columns): string =>
  columns[name] === 'json' ? `u.${name}::json` : `u.${name}`;

const selected = (columns: Columns): string =>
  Object.keys(columns)
    .map((name) => cast(name, columns))
    .join(', ');

const unnested = (columns: Columns): string => {
  const arrays = Object.values(columns).map(
    (type, index) => `$${index + 1}::${type === 'bigint' ? 'bigint' : 'text'}[]`,
  );
  return `unnest(${arrays.join(', ')}) as u (${Object.keys(columns).join(', ')})`;
};
