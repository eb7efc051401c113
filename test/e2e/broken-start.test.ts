import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { freshDatabaseUrl } from './databases.ts';
import { freshFolder } from './program.ts';

const ENTRY = fileURLToPath(new URL('../../bin/textops.js', import.meta.url));

/** The exit code and what it said; whoever neither serves nor ends is killed, and has no code. */
const runs = (folder: string, command: string, url: string): Promise<readonly [unknown, string]> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', HTTP_PORT: '0', DATABASE_URL: url };
    const options = { cwd: folder, env, timeout: 20_000, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, [ENTRY, command], options, (error, _out, err) => {
      resolve([error?.code ?? error?.signal ?? 0, err]);
    });
  });

const without = async (url: string, table: string): Promise<void> => {
  await (await openStore({ url })).close();
  if (url.startsWith('file:')) {
    const database = new Database(url.slice('file:'.length));
    database.pragma('foreign_keys = off');
    database.exec(`drop table ${table}`);
    database.close();
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`drop table ${table} cascade`);
  await client.end();
};

// Each table is the first thing that another step of the start needs, after the database was opened.
test.each([
  ['start', 'PostgreSQL', 'gates'],
  ['start', 'SQLite', 'job_versions'],
  ['worker', 'SQLite', 'job_versions'],
] as const)('%s on %s without the table %s ends, and leaves nothing open', async (command, kind, table) => {
  const folder = await freshFolder('jobs: { hi: { demo: {} } }\n');
  await mkdir(join(folder, 'data'));
  const url = await freshDatabaseUrl(kind, folder);
  await without(url, table);
  const [code, said] = await runs(folder, command, url);
  expect(code).toBe(1);
  expect(said).toContain(table);
});
