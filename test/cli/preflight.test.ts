import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { judgeRoom } from '../../src/cli/preflight/check-room.ts';
import { judgeSchema } from '../../src/cli/preflight/check-schema.ts';
import { cliBench, databaseFile } from './cli-bench.ts';
import { answerJson, loopback } from './loopback.ts';

const TOKEN = `123456789:${'A'.repeat(36)}`;

/** A folder with a job of its own, and a command line that chooses a free port. */
const house = async (yaml = 'jobs: { report: { command: ["./report", "x"] } }\n') => {
  const bench = await cliBench();
  await writeFile(join(bench.cwd, 'textops.yaml'), yaml);
  await writeFile(join(bench.cwd, 'report'), '#!/bin/sh\n', { mode: 0o755 });
  const look = (argv: readonly string[] = [], env: Record<string, string> = {}) =>
    bench.run(['preflight', ...argv], { env: { HTTP_PORT: '0', PATH: process.env.PATH ?? '', ...env } });
  return { ...bench, look };
};

describe('textops preflight', () => {
  test('says 0 where everything fits, and changes nothing', async () => {
    const { look, textops } = await house();
    await textops('migrate');
    const { code, out, err } = await look();
    expect(code).toBe(0);
    expect(err).toMatch(/^0 errors, \d warnings?\. Nothing was changed\.\n$/);
    expect(out).toMatch(/^✔ config: textops\.yaml, 1 jobs, hash [0-9a-f]{12}$/m);
    expect(out).toContain('✔ jobs: 1, and what they run is there');
    expect(out).toMatch(/^✔ schema: \d+ migrations, up to date$/m);
    expect(out).toContain('⚠ backup: none was made and tried out yet');
  });

  test('before the first start there is no database, and none is made', async () => {
    const { look, textops } = await house();
    expect(await look()).toMatchObject({ code: 0, out: expect.stringContaining('does not exist yet') });
    expect((await textops('ops')).code).toBe(1);
  });

  test.each([
    [
      'that is not executable',
      (file: string) => chmod(file, 0o644),
      'report is not executable → chmod +x report',
    ],
    ['that is a folder', async (file: string) => mkdir(`${file}s`), 'reports is not there'],
    ['that is not there', async () => undefined, 'nowhere is not there'],
  ])('a job with a program %s is a bad configuration: 78', async (_what, spoil, words) => {
    const { look, cwd } = await house();
    await spoil(join(cwd, 'report'));
    const program = words.split(' ')[0] ?? '';
    await writeFile(join(cwd, 'textops.yaml'), `jobs: { report: { command: ["./${program}"] } }\n`);
    const { code, out } = await look();
    expect([code, out]).toEqual([78, expect.stringContaining(`✖ job report: ${words}`)]);
  });

  test('a program that the PATH does not have, and a folder that is not there, are 78', async () => {
    const { look } = await house(
      'jobs: { a: { command: ["no-such-program-here"] }, b: { command: ["sh"], cwd: nowhere } }\n',
    );
    const { code, out } = await look();
    expect(code).toBe(78);
    expect(out).toContain('✖ job a: no-such-program-here is not on the PATH');
    expect(out).toMatch(/✖ job b: its folder \S+nowhere is not there/);
  });

  test('a configuration that cannot be read is 78, with every problem', async () => {
    const { look } = await house('jbos: {}\n');
    const { code, err } = await look([], { HTTP_PORT: 'x' });
    expect(code).toBe(78);
    expect(err).toContain('HTTP_PORT: ');
    expect(err).toContain('did you mean "jobs"?');
  });

  test('a database of a newer program, or of nobody, is 1', async () => {
    const { look, textops, cwd } = await house();
    await textops('migrate');
    const db = new Database(databaseFile(cwd));
    db.exec("insert into schema_migrations values ('9999_later', 'x', 1)");
    expect(await look()).toMatchObject({ code: 1, out: expect.stringContaining('✖ database: ') });
    // What only adds is no obstacle on the way back.
    db.exec("update schema_migrations set name = '9999_later_expand' where name = '9999_later'");
    expect(await look()).toMatchObject({ code: 0 });
    db.close();
    const bad = await look(['--db', 'postgres://textops@127.0.0.1:9/none']);
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining('✖ database: ') });
  });

  test('a port that somebody else holds is 1', async () => {
    const { look } = await house();
    const other = await loopback((_, response) => response.end('hello'));
    expect((await look([], { HTTP_PORT: String(other.port) })).code).toBe(1);
  });

  test('a token that is refused is 1; a provider that is away is a warning, and --offline asks none', async () => {
    const { look } = await house();
    const api = await loopback((_, response) => answerJson(response, { ok: false, error_code: 401 }, 401));
    const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: api.url };
    const refused = await look([], env);
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringContaining('✖ telegram: the token is refused'),
    ]);
    expect(refused.out + refused.err).not.toContain('AAAA');
    const away = await look([], { ...env, TELEGRAM_API_ROOT: 'http://127.0.0.1:9' });
    expect([away.code, away.out]).toEqual([0, expect.stringContaining('⚠ telegram: ')]);
    const offline = await look(['--offline'], env);
    expect([offline.code, offline.out.includes('telegram')]).toEqual([0, false]);
  });

  test('a file of secrets that others may read is a warning', async () => {
    const { look, cwd } = await house();
    await writeFile(join(cwd, '.env'), 'LOG_LEVEL=info\n', { mode: 0o644 });
    expect((await look()).out).toContain('.env is open to others than its owner → chmod 600 ');
    await chmod(join(cwd, '.env'), 0o600);
    expect((await look()).out).toContain('✔ secrets: 1 files, for their owner alone');
  });

  test('as JSON it names the hash and every finding', async () => {
    const { look } = await house();
    const { out } = await look(['--json']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'textops.preflight/v1',
      data: { configHash: expect.stringMatching(/^[0-9a-f]{12}$/), findings: expect.any(Array) },
    });
  });
});

test('the room that a database and its copy need', () => {
  expect(judgeRoom(199, 200, '/data')).toMatchObject({ state: 'bad' });
  expect(judgeRoom(200, 200, '/data')).toMatchObject({ state: 'ok' });
});

test('what a start would do to the schema, and whether there is a way back', () => {
  expect(judgeSchema(20, [])).toMatchObject({ state: 'ok', words: '20 migrations, up to date' });
  expect(judgeSchema(20, ['0020_a_expand'])).toMatchObject({
    state: 'ok',
    words: '20 → 21, 1 migration, all of them only add',
  });
  expect(judgeSchema(20, ['0020_a_expand', '0021_b'])).toMatchObject({
    state: 'warning',
    words: '20 → 22, 2 migrations; the release before does not know 0021_b',
  });
  // There is nothing to go back to.
  expect(judgeSchema(0, ['0000_tables'])).toMatchObject({ state: 'ok' });
});
