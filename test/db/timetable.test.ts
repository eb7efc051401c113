import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { schedulesOf } from '../../src/db/catalog/schedules.ts';
import type { Engine } from '../../src/db/engine.ts';
import { openStore } from '../../src/db/open.ts';
import { runRepository } from '../../src/db/runs/runs.ts';
import type { Step } from '../../src/db/steps.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

// A tick comes every second, so it must walk what is due and nothing else. The databases themselves say what they walk.

const MANY = 100_000;
const now = 1_800_000_000_000;

/** The statement behind a question as PostgreSQL would get it, with its numbers in place. */
const statement = async (ask: (engine: Engine) => Promise<unknown>): Promise<string> => {
  let step: Step | undefined;
  const listening: Pick<Engine, 'read'> = {
    read: (work) => {
      step = work().next().value as Step;
      return Promise.reject(new Error('only listening'));
    },
  };
  await expect(ask(listening as Engine)).rejects.toThrow('only listening');
  if (step?.kind !== 'rows') throw new Error('a tick asks with one statement');
  return step.sql.replaceAll('$1', String(now)).replaceAll('$2', '100');
};

const tick = (): Promise<string> => statement((engine) => schedulesOf(engine).due(now, 100));
const notices = (): Promise<string> =>
  statement((engine) => runRepository(engine, () => undefined).noticeDue(now, 100));

const columns =
  'insert into schedules (key, job_key, cron, timezone, chat, params, overlap, source, version, next_at) ';
const row = (n: string) =>
  `'s' || ${n}, 'backup', '0 2 * * *', 'UTC', 'dev:ops', '{}', 'skip', 'file', 1, ${now} + ${n} * 1000`;

/** People who wait for an answer: every one of them is to be reminded at a moment of its own. */
const waiting =
  'insert into runs (id, status, job_key, job_version, requester_id, address, version, head_hash, state, created_at, ' +
  'updated_at, due_at, notice_at) ';
const waitingRow = (n: string) =>
  `'r' || ${n}, 'AwaitingApproval', 'backup', 1, 'ana', 'dev:ops', 2, '', '{}', 1, 1, ${now} + 900000000, ${now} + ${n} * 1000`;
const terms = (n: string) => `insert into run_terms (run_id, terms) select 'r' || ${n}, '{}' from `;

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

test(`on SQLite a look for reminders with ${MANY} open questions walks only those that are due`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-timetable-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'textops.db');
  const store = await openStore({ url: `file:${file}` });
  const db = new Database(file);
  const numbers = `with recursive n (n) as (select 1 union all select n + 1 from n where n < ${MANY}) `;
  db.exec(`${numbers}${waiting}select ${waitingRow('n')} from n`);
  db.exec(`${numbers}${terms('n')}n`);
  const plan = (db.prepare(`explain query plan ${await notices()}`).all() as { detail: string }[]).map(
    ({ detail }) => detail,
  );
  db.close();
  expect(plan.join('\n')).toContain('runs USING INDEX runs_notice');
  expect(plan.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
  expect(await store.runs.noticeDue(now, 100)).toEqual([]);
  expect(await store.runs.noticeDue(now + 3000, 100)).toHaveLength(3);
  await store.close();
});

test(`on PostgreSQL a look for reminders with ${MANY} open questions walks only those that are due`, async () => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  const { url } = database;
  const store = await openStore({ url });
  const client = new Client({ connectionString: url });
  await client.connect();
  const numbers = `generate_series(1, ${MANY}) as n`;
  await client.query(`${waiting}select ${waitingRow('n')} from ${numbers}`);
  await client.query(`${terms('n')}${numbers}`);
  await client.query('analyze');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${await notices()}`);
  const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
  await client.end();
  expect(plan).toContain('runs_notice');
  expect(plan).not.toContain('Seq Scan');
  expect(await store.runs.noticeDue(now, 100)).toEqual([]);
  expect(await store.runs.noticeDue(now + 3000, 100)).toHaveLength(3);
  await store.close();
});
