import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindOf, lintFolder, lintMigration } from '../../tools/migration-lint.ts';

const TABLE = 'CREATE TABLE "x" ("id" text PRIMARY KEY NOT NULL)';
const INDEX = 'CREATE INDEX "x_by_id" ON "x" USING btree ("id")';
const ROWS = "INSERT INTO x (id) VALUES ('a')";
const GATE = "INSERT INTO gates (name, open) VALUES ('queue.x', 0)";

const file = (...statements: readonly string[]): string =>
  `${statements.join(';\n--> statement-breakpoint\n')};\n`;

test.each([
  [TABLE, 'schema'],
  ['ALTER TABLE "x" ADD COLUMN "y" text', 'schema'],
  ['CREATE TRIGGER t BEFORE UPDATE ON events BEGIN SELECT 1; END', 'schema'],
  [ROWS, 'data'],
  ["UPDATE x SET id = 'b'", 'data'],
  ['WITH gone AS (SELECT 1) DELETE FROM x', 'data'],
  [GATE, 'settings'],
  ['update "gates" set open = 1', 'settings'],
  ["ALTER SYSTEM SET work_mem = '1GB'", 'settings'],
] as const)('%j is a change of %s', (statement, kind) => expect(kindOf(statement)).toBe(kind));

test.each([
  ['data and schema', file(TABLE, ROWS)],
  ['schema and settings', file(TABLE, GATE)],
  ['data and settings', file(ROWS, GATE)],
  ['data and schema and settings', file(TABLE, ROWS, GATE)],
])('a file with %s is refused', (kinds, text) =>
  expect(lintMigration('0099_mixed', text)).toEqual([`changes ${kinds} in one file; make a file of each`]),
);

test('a second statement is found where no breakpoint parts it from the first', () =>
  expect(lintMigration('0099_mixed', `${TABLE};\n${ROWS};`)).toHaveLength(1));

test('a file with one kind of change is not, whatever its comments say', () => {
  expect(
    lintMigration('0099_tables', file(TABLE, INDEX, '-- insert into gates; pg_cron\nDROP TABLE y')),
  ).toEqual([]);
  expect(lintMigration('0099_rows', file(ROWS, ROWS, '/* alter table outbox */'))).toEqual([]);
});

test.each([
  "SELECT cron.schedule('tick', '* * * * *', 'select 1')",
  'CREATE EXTENSION pg_cron',
  'ALTER EXTENSION plpgsql UPDATE',
  "UPDATE documents SET body = '' WHERE name = 'constitution'",
  'ALTER TABLE "outbox" ADD COLUMN "x" text',
  'DROP TABLE IF EXISTS event_outbox',
  'ALTER TABLE public.staging_items DROP COLUMN "x"',
  'CREATE EXTENSION IF NOT EXISTS vector',
  'ALTER TABLE "x" ADD COLUMN "e" vector(1536)',
])('%j is out of scope always', (statement) =>
  expect(lintMigration('0099_no', file(statement))).toEqual([
    expect.stringMatching(/ is out of scope always$/),
  ]),
);

test('the migrations of this program are kept to it', async () => {
  const { files, offences } = await lintFolder(join(import.meta.dirname, '../../drizzle'));
  expect(offences).toEqual([]);
  expect(files).toBeGreaterThan(40);
});
