import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/db/engine.ts';
import { openStore } from '../../src/db/open.ts';
import { schedulesOf } from '../../src/db/schedules.ts';
import type { Step } from '../../src/db/steps.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

// A tick comes every second, so it must walk what is due and nothing else. The databases themselves say what they walk.

const MANY = 100_000;
const now = 1_800_000_000_000;

/** The statement of a tick as PostgreSQL would get it, with its numbers in place. */
const tick = async (): Promise<string> => {
  let step: Step | undefined;
  const listening: Pick<Engine, 'read'> = {
    read: (work) => {
      step = work().next().value as Step;
      return Promise.reject(new Error('only listening'));
    },
  };
  await expect(schedulesOf(listening as Engine).due(now, 100)).rejects.toThrow('only listening');
  if (step?.kind !== 'rows') throw new Error('a tick asks with one statement');
  return step.sql.replaceAll('$1', String(now)).replaceAll('$2', '100');
};

const columns =
  'insert into schedules (key, job_key, cron, timezone, chat, params, overlap, source, version, next_at) ';
const row = (n: string) =>
  `'s' || ${n}, 'backup', '0 2 * * *', 'UTC', 'dev:ops', '{}', 'skip', 'file', 1, ${now} + ${n} * 1000`;

test(`on SQLite a tick with ${MANY} schedules walks only those that are due`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-timetable-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'textops.db');
  const store = await openStore({ url: `file:${file}` });
  const db = new Database(file);
  db.exec(
    `with recursive n (n) as (select 1 union all select n + 1 from n where n < ${MANY}) ` +
      `${columns}select ${row('n')} from n`,
  );
  // Each row of a plan has its words in `detail`.
  const plan = (db.prepare(`explain query plan ${await tick()}`).all() as { detail: string }[]).map(
    ({ detail }) => detail,
  );
  db.close();
  expect(plan.join('\n')).toContain('USING INDEX schedules_due');
  expect(plan.join('\n')).toContain('schedules_waiting');
  expect(plan.filter((detail) => /^SCAN (s|schedules|r|o|n)\b(?!.*USING.* INDEX)/.test(detail))).toEqual([]);
  expect(await store.schedules.due(now, 100)).toEqual([]);
  expect(await store.schedules.due(now + 3000, 100)).toHaveLength(3);
  await store.close();
});

test(`on PostgreSQL a tick with ${MANY} schedules walks only those that are due`, async () => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  const { url } = database;
  const store = await openStore({ url });
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`${columns}select ${row('n')} from generate_series(1, ${MANY}) as n`);
  await client.query('analyze');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${await tick()}`);
  const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
  await client.end();
  expect(plan).toContain('schedules_due');
  expect(plan).not.toContain('Seq Scan on schedules');
  expect(await store.schedules.due(now, 100)).toEqual([]);
  expect(await store.schedules.due(now + 3000, 100)).toHaveLength(3);
  await store.close();
});
