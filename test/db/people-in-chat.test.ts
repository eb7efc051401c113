import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { readMigrations } from '../../src/db/migrations.ts';
import { openStore } from '../../src/db/open.ts';
import { migratePg } from '../../src/db/pg/migrate.ts';
import { connectSqlite } from '../../src/db/sqlite/connect.ts';
import { migrateSqlite } from '../../src/db/sqlite/migrate.ts';
import { T0 } from '../contracts/given.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

// Before people were admitted in chat, an identity did not say where it came from.

const earlier = async (dialect: 'sqlite' | 'pg') => {
  const files = await readMigrations(dialect);
  return files.slice(
    0,
    files.findIndex(({ name }) => name.endsWith('_people_in_chat')),
  );
};

const onSqlite = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-people-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = `file:${join(folder, 'textops.db')}`;
  const db = await connectSqlite(url);
  await migrateSqlite(db, await earlier('sqlite'), T0);
  db.close();
  return url;
};

const onPostgres = async (): Promise<string> => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  await migratePg(database.url, await earlier('pg'), T0);
  return database.url;
};

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('the owner of an earlier version stays when the file is read again, on %s', async (_, before) => {
  const url = await before();
  for (const [id, source] of [
    ['telegram:9', 'chat'],
    ['ana', 'file'],
  ]) {
    const roles = `'["owner"]'`;
    await administer(url, `insert into people values ('${id}', '${id}', ${roles}, null, '${source}', ${T0})`);
    await administer(url, `insert into identities values ('${id === 'ana' ? 'dev:ana' : id}', '${id}', 0)`);
  }
  const store = await openStore({ url, clock: () => T0 });
  try {
    await store.people.replaceFilePeople([], T0);
    expect(await store.people.members()).toMatchObject([
      { person: { id: 'telegram:9', roles: ['owner'] }, source: 'chat', inChat: ['telegram:9'] },
    ]);
  } finally {
    await store.close();
  }
});
