import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isAdditive, isExpansion, pendingOf, readMigrations } from '../../src/db/migrations.ts';
import { migrateStore, migrationState, openStore } from '../../src/db/open.ts';
import { connectSqlite } from '../../src/db/sqlite/connect.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'textops-migrations-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const onSqlite = async () => {
  files += 1;
  return withQuery(`file:${join(folder, `${files}.db`)}`, async () => undefined);
};

const onPostgres = async () => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  return withQuery(database.url, () => database.drop());
};

const withQuery = (url: string, drop: () => Promise<void>) => ({
  url,
  query: (sql: string) => administer(url, sql),
  drop,
});

const names = [
  '0000_tables',
  '0001_guards_and_views',
  '0002_repeats',
  '0003_substrate',
  '0004_run_terms',
  '0005_split_states',
  '0006_gate_proposals',
  '0007_schedules',
  '0008_instances',
  '0009_places',
  '0010_seals',
  '0011_people_in_chat',
  '0012_notices',
  '0013_freeze',
  '0014_acceptances',
  '0015_api_tokens',
  '0016_refusals',
  '0017_request_drafts',
  '0018_reach',
  '0019_installations',
  '0020_web_sessions',
];

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('migrations on %s', (_, open) => {
  test('each is applied once, however often and by however many at once', async () => {
    const { url, drop } = await open();
    expect(await migrationState(url)).toEqual({ applied: [], pending: names });
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrateStore(url)));
    expect(applied.flat().toSorted()).toEqual(names);
    expect(await migrateStore(url)).toEqual([]);
    expect(await migrationState(url)).toEqual({ applied: names, pending: [] });
    await drop();
  });

  test('a database that is behind is refused when it must not be migrated', async () => {
    const { url, drop } = await open();
    await expect(openStore({ url, migrate: false })).rejects.toThrow(/run textops migrate/);
    await drop();
  });

  test('a database that is ahead is refused in one sentence', async () => {
    const { url, query, drop } = await open();
    await migrateStore(url);
    await query("insert into schema_migrations (name, checksum, applied_at) values ('9999_later', 'x', 1)");
    await expect(openStore({ url })).rejects.toThrow(/newer TextOps \(9999_later\)/);
    await drop();
  });

  test('a database that is ahead by what only adds is opened, so that a release can be taken back', async () => {
    const { url, query, drop } = await open();
    await migrateStore(url);
    await query(
      "insert into schema_migrations (name, checksum, applied_at) values ('9998_more_expand', 'x', 1)",
    );
    const store = await openStore({ url });
    expect((await store.runs.list({ limit: 1 })).runs).toEqual([]);
    await store.close();
    expect((await migrationState(url)).pending).toEqual([]);
    await query(
      "insert into schema_migrations (name, checksum, applied_at) values ('0000_old_expand', 'x', 1)",
    );
    await expect(openStore({ url })).rejects.toThrow(/newer TextOps \(0000_old_expand\)/);
    await drop();
  });

  test('a file that was changed after it was applied is refused', async () => {
    const { url, query, drop } = await open();
    await migrateStore(url);
    await query("update schema_migrations set checksum = 'other' where name = '0000_tables'");
    await expect(migrateStore(url)).rejects.toThrow(/0000_tables was changed/);
    await drop();
  });

  test('the history refuses to be changed', async () => {
    const { url, query, drop } = await open();
    await migrateStore(url);
    await query(
      "insert into events (chain, seq, type, at, actor, payload, hash) values ('R', 1, 'T', 1, 'system', '{}', 'h')",
    );
    await expect(query("update events set actor = 'user:eve'")).rejects.toThrow(/append-only/);
    await expect(query('delete from events')).rejects.toThrow(/append-only/);
    await drop();
  });

  test('the views of the queue can be read', async () => {
    const { url, query, drop } = await open();
    await migrateStore(url);
    await query('select run_id, state from v_job_queue_backlog');
    await query('select run_id, worker_id, lease_until from v_job_queue_in_progress');
    await query('select id, run_id, error from v_job_queue_dead_letter_open');
    await query('select kind, id, about, state from v_dead_letter_all');
    await query('select name, kind, hint from v_queue_health');
    await drop();
  });
});

test('the history cannot be emptied at a stroke on PostgreSQL either', async () => {
  const { url, query, drop } = await onPostgres();
  await migrateStore(url);
  await expect(query('truncate events')).rejects.toThrow(/append-only/);
  await drop();
});

test('both dialects have the same migrations', async () => {
  const [sqlite, pg] = await Promise.all([readMigrations('sqlite'), readMigrations('pg')]);
  expect(sqlite.map(({ name }) => name)).toEqual(pg.map(({ name }) => name));
  expect(sqlite.map(({ name }) => name)).toEqual(names);
});

test('a migration that is numbered before an applied one is still pending', () => {
  const file = (name: string) => ({ name, checksum: name, statements: [] });
  const pending = pendingOf([file('0000'), file('0001'), file('0002')], [file('0000'), file('0002')]);
  expect(pending.map(({ name }) => name)).toEqual(['0001']);
});

test('every SQLite connection is durable, also the second one', async () => {
  const { url } = await onSqlite();
  const [one, two] = [await connectSqlite(url), await connectSqlite(url)];
  for (const db of [one, two]) {
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    db.close();
  }
});

test('an address that names no database is refused in one sentence', async () => {
  await expect(openStore({ url: 'mysql://x' })).rejects.toThrow(/not mysql/);
});

test('a migration that says that it only adds, only adds', async () => {
  const all = [...(await readMigrations('sqlite')), ...(await readMigrations('pg'))];
  const adding = all.filter(({ name }) => isExpansion(name)).flatMap(({ statements }) => statements);
  expect(adding.filter((each) => !isAdditive(each))).toEqual([]);
});

test.each([
  ['create table "x" (a text)', true],
  ['CREATE UNIQUE INDEX x ON y (z)', true],
  ['create view v as select 1', true],
  ['ALTER TABLE "x" ADD COLUMN "y" text;', true],
  ['ALTER TABLE `x` ADD `y` integer DEFAULT 0 NOT NULL;', true],
  ['ALTER TABLE "x" ADD COLUMN "y" text NOT NULL;', false],
  ["insert into gates values ('x')", true],
  ['drop table x', false],
  ['-- create table\ndrop table x', false],
  ['ALTER TABLE x RENAME TO y', false],
  ['ALTER TABLE x DROP COLUMN y', false],
  ['ALTER TABLE x ALTER COLUMN y SET NOT NULL', false],
  ['update x set y = 1', false],
  ['create trigger t before update on x begin select 1; end', false],
])('whether "%s" only adds: %s', (statement, adds) => {
  expect(isAdditive(statement)).toBe(adds);
});
