import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { LiveRun } from '../../src/core/runs/run.ts';
import { readMigrations } from '../../src/db/migrations.ts';
import { openStore } from '../../src/db/open.ts';
import { migratePg } from '../../src/db/pg/migrate.ts';
import { connectSqlite } from '../../src/db/sqlite/connect.ts';
import { migrateSqlite } from '../../src/db/sqlite/migrate.ts';
import { approve, change, request, T0 } from '../contracts/given.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

// Before states were split, a row of a run held everything about it in one column.

/** A database as an earlier version left it, with these runs in it. */
type Before = (runs: readonly LiveRun[]) => Promise<string>;

const insert = (values: string): string =>
  'insert into runs (id, status, job_key, job_version, requester_id, address, version, head_hash, state, ' +
  `created_at, updated_at) values (${values}, 'backup', 1, 'ana', 'dev:ops', 1, 'h', `;

const earlier = async (dialect: 'sqlite' | 'pg') =>
  (await readMigrations(dialect)).filter(({ name }) => name < '0004');

const onSqlite: Before = async (runs) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-split-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = `file:${join(folder, 'textops.db')}`;
  const db = await connectSqlite(url);
  await migrateSqlite(db, await earlier('sqlite'), T0);
  for (const run of runs) {
    db.prepare(`${insert('?, ?')}?, ${T0}, ${T0})`).run(run.runId, run.status, JSON.stringify(run));
  }
  db.close();
  return url;
};

const onPostgres: Before = async (runs) => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  await migratePg(database.url, await earlier('pg'), T0);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  for (const run of runs) {
    await client.query(`${insert('$1, $2')}$3, ${T0}, ${T0})`, [run.runId, run.status, JSON.stringify(run)]);
  }
  await client.end();
  return database.url;
};

const asked = (runId: string) => {
  const { run } = change(undefined, request(runId), runId);
  if (run === undefined) throw new Error('nothing was asked');
  return run;
};

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('runs of an earlier version are read as they were, and go on, on %s', async (_, before) => {
  const first = asked('K7M2QX');
  const second = change({ state: first.state, version: 3, headHash: 'h' }, approve(), 'K7M2QX').run;
  const runs = [asked('4TQ9ZB').state, second?.state ?? first.state];
  const store = await openStore({ url: await before(runs), clock: () => T0 });
  try {
    const found = await store.runs.find(runs.map(({ runId }) => runId));
    for (const run of runs) expect(found.get(run.runId)?.state).toEqual(JSON.parse(JSON.stringify(run)));
    const waiting = found.get('4TQ9ZB');
    expect(await store.runs.commit([change(waiting, approve(), '4TQ9ZB')])).toEqual(['committed']);
    expect((await store.runs.find(['4TQ9ZB'])).get('4TQ9ZB')?.state).toMatchObject({
      status: 'Dispatching',
      title: 'Backup',
      requester: { personId: 'ana' },
    });
  } finally {
    await store.close();
  }
});
