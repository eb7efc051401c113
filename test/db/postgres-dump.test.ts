import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { dumpPg, tablesIn } from '../../src/db/pg/dump.ts';
import { cliBench } from '../cli/cli-bench.ts';
import { act, request } from '../contracts/given.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { startPostgres } from '../setup/postgres-server.ts';

/** The major version of the tools on the PATH; they read servers of their own version and older ones. */
const ownTools = (): number => {
  try {
    return Number(/(\d+)\.\d+/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** Where the tools' own server lies, if one is installed beside them. */
const ownServer = (): string | undefined => {
  try {
    const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    return existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')) ? bin : undefined;
  } catch {
    return undefined;
  }
};

const SERVER = 18;
const tools = ownTools();
const oldBin = tools >= SERVER ? undefined : ownServer();
const why =
  tools === 0 ? 'there is no pg_dump on the PATH' : `pg_dump ${tools} cannot read PostgreSQL ${SERVER}`;
const unlessOld = tools >= SERVER || (tools > 0 && oldBin !== undefined) ? '' : ` (skipped: ${why})`;

/** The server of all tests where the tools can read it, otherwise one of their own version. */
const readableServer = async (): Promise<string> => {
  if (oldBin === undefined) return inject('postgresUrl');
  const server = await startPostgres({ fsync: 'off', bin: oldBin });
  onTestFinished(() => server.stop());
  return server.url;
};

const database = async (server = inject('postgresUrl')): Promise<string> => {
  const made = await freshPostgresDatabase(server);
  onTestFinished(() => made.drop());
  return made.url;
};

const withRun = async (url: string, runId: string): Promise<void> => {
  const store = await openStore({ url });
  await act(store, runId, request(runId, { at: await store.now() }));
  await store.close();
};

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-dump-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

/** Tools that only write down how they were called; a database of another version would hide it. */
const toolsThatTell = async (script: string): Promise<void> => {
  const bin = await folder();
  for (const tool of ['pg_dump', 'pg_restore']) {
    await writeFile(join(bin, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { PATH = '' } = process.env;
  process.env.PATH = `${bin}${delimiter}${PATH}`;
  onTestFinished(() => void (process.env.PATH = PATH));
};

describe('textops db backup and restore on PostgreSQL', () => {
  test.skipIf(unlessOld !== '')(`bring every run back, frozen${unlessOld}`, async () => {
    const { run, cwd } = await cliBench();
    const server = await readableServer();
    const url = await database(server);
    await withRun(url, 'FIRST1');
    const backup = await run(['db', 'backup', '--verify', '--to', cwd, '--db', url]);
    expect(backup).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^Its list of \d+ tables was read\./),
    });
    const file = backup.out.trim();
    const other = await database(server);
    const back = await run(['db', 'restore', file, '--yes', basename(file), '--db', other]);
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining('and frozen.') });
    const store = await openStore({ url: other });
    expect((await store.runs.list({ limit: 9 })).runs.map(({ state }) => state.runId)).toEqual(['FIRST1']);
    expect(await store.freeze.current()).toMatchObject({ reason: expect.stringContaining('restored from') });
    await store.close();
  });

  test('overwrite nothing', async () => {
    const { run, cwd } = await cliBench();
    const url = await database();
    await withRun(url, 'FIRST1');
    await writeFile(join(cwd, 'some.dump'), '');
    expect(await run(['db', 'restore', 'some.dump', '--yes', 'some.dump', '--db', url])).toMatchObject({
      code: 4,
      err: expect.stringContaining('is not empty, and nothing in it is overwritten'),
    });
  });

  test('of something that is no dump change nothing', async () => {
    const { run, cwd } = await cliBench();
    const url = await database();
    await writeFile(join(cwd, 'some.dump'), 'hello');
    const { code } = await run(['db', 'restore', 'some.dump', '--yes', 'some.dump', '--db', url]);
    expect([1, 4]).toContain(code);
    const client = new Client(url);
    await client.connect();
    const { rows } = await client.query("select to_regclass('runs') as runs");
    await client.end();
    expect(rows).toEqual([{ runs: null }]);
  });
});

describe('the tools of PostgreSQL', () => {
  test('never get the password as an argument', async () => {
    const at = await folder();
    await toolsThatTell(`echo "$@" > ${at}/args; echo "$PGPASSWORD" > ${at}/password`);
    await dumpPg('postgres://ana:s%20ecret@db.example/textops?sslmode=require', join(at, 'x.dump'));
    const args = await readFile(join(at, 'args'), 'utf8');
    expect(args).toContain('--dbname=postgres://ana@db.example/textops?sslmode=require');
    expect(args).not.toContain('ecret');
    expect(await readFile(join(at, 'password'), 'utf8')).toBe('s ecret\n');
  });

  test('that are too old, or fail, are told of in one sentence', async () => {
    await toolsThatTell(
      'echo "pg_dump: error: aborting because of server version mismatch" >&2;' +
        'echo "pg_dump: detail: server version: 18.4; pg_dump version: 15.18 (Debian)" >&2; exit 1',
    );
    await expect(dumpPg('postgres://db/textops', 'x')).rejects.toThrow(
      'pg_dump 15.18 cannot read a server 18.4; install the tools of that version.',
    );
    await toolsThatTell('echo "pg_restore: error: could not open input file" >&2; exit 1');
    await expect(tablesIn('x')).rejects.toThrow('pg_restore: error: could not open input file');
  });

  test('that are not there are told of in one sentence', async () => {
    const { PATH } = process.env;
    process.env.PATH = await folder();
    onTestFinished(() => void (process.env.PATH = PATH));
    await expect(dumpPg('postgres://db/textops', 'x')).rejects.toThrow('pg_dump is not on the PATH');
  });

  test('list the tables that a dump has rows for', async () => {
    await toolsThatTell("echo '; comment'; echo '3410; 0 16388 TABLE DATA public runs textops'");
    expect(await tablesIn('x')).toEqual(['runs']);
  });
});
