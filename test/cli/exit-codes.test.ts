import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/voice/exit-codes.ts';
import { EXIT_OF } from '../../src/cli/voice/stop.ts';
import { ana, asks, backup, bob, fails, says, starts, succeeds } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';

const light = asks(backup, { selfApproval: true });
const approved = says.yes(bob);

test('the numbers are a contract', () => {
  expect(Object.values(EXIT)).toEqual([0, 1, 2, 3, 4, 8, 9, 10, 78]);
});

test('0: done', async () => {
  const { textops } = await cliBench();
  expect(await textops('version')).toEqual({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    err: '',
  });
});

test('1: failed, here because there is no database, and none is made by looking', async () => {
  const { textops } = await cliBench();
  for (const command of [['runs'], ['jobs'], ['ops'], ['audit', 'verify'], ['migrate', 'status']]) {
    const { code, out, err } = await textops(...command);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('There is no database at');
  }
  expect((await textops('runs')).err).toContain('There is no database at');
});

test('1: a database that cannot be opened is one sentence', async () => {
  const { cwd, textops } = await cliBench();
  await writeFile(
    join(cwd, 'junk.db'),
    'this is no database, and long enough to look like a header'.repeat(20),
  );
  const { code, err } = await textops('runs', '--db', 'file:junk.db');
  expect(code).toBe(EXIT.failed);
  expect(err).toMatch(/^The database .*junk\.db cannot be used: /);
  expect(err).not.toContain('    at ');
});

test('1: a database in memory belongs to its process', async () => {
  const { textops } = await cliBench();
  expect(await textops('runs', '--db', ':memory:')).toMatchObject({
    code: 1,
    err: expect.stringContaining(':memory:'),
  });
});

test.each([
  [['docter'], "unknown command 'docter' (Did you mean doctor?)"],
  [['runs', '--statsu', 'x'], "unknown option '--statsu' (Did you mean --status?)"],
  [['--jsno'], "unknown option '--jsno' (Did you mean --json?)"],
  [['show'], "missing required argument 'id'"],
  [['show', 'K7M2QX', '--timeout', 'soon'], 'Expected a duration such as 30s'],
  [['runs', '-n', '0'], 'Expected a whole number from 1 to 100'],
  [['runs', '--status', 'fialed'], '(Did you mean Failed?)'],
  [['runs', '--status', 'zzz'], 'One of: Created, AwaitingApproval'],
  [['logs', '--level', 'loud'], 'Expected one of: trace'],
  [['doctor', 'now'], 'too many arguments'],
])('2: wrong usage %j', async (argv, words) => {
  const { textops } = await cliBench();
  const { code, out, err } = await textops(...argv);
  expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
  expect(err).toContain(words);
  expect(err).toContain('textops --help');
});

test('2: a group without its command shows its help', async () => {
  const { textops } = await cliBench();
  expect(await textops('config')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('schema') });
});

test('3: a run that is not there, and nothing is guessed', async () => {
  const { inStore, textops } = await cliBench();
  await inStore((store) => seedRun(store, light));
  expect(await textops('show', 'K7M2QY')).toEqual({ code: EXIT.notFound, out: '', err: 'No run K7M2QY.\n' });
  expect(await textops('show', 'abc')).toMatchObject({ code: EXIT.notFound, err: 'No run ABC.\n' });
});

test('4: a database of a newer program refuses to be touched', async () => {
  const { cwd, textops } = await cliBench();
  await textops('migrate');
  const db = new Database(databaseFile(cwd));
  db.prepare("insert into schema_migrations values ('9999_later', 'x', 0)").run();
  db.close();
  for (const command of [['migrate'], ['migrate', 'status'], ['runs']]) {
    const { code, err } = await textops(...command);
    expect(code).toBe(EXIT.refused);
    expect(err).toBe('The database was migrated by a newer TextOps (9999_later); use that one.\n');
  }
});

test.each([
  [EXIT.done, 'Succeeded', [approved, starts(), succeeds()]],
  [EXIT.runFailed, 'Failed', [approved, starts(), fails()]],
  [EXIT.runNotDone, 'Denied', [says.no(bob)]],
  [EXIT.runNotDone, 'Canceled', [says.cancel(ana)]],
])('%i: how the awaited run ended (%s)', async (expected, status, commands) => {
  const { inStore, run } = await cliBench();
  await inStore((store) => seedRun(store, light, ...commands));
  const { code, out } = await run(['show', 'k7m2qx', '--wait', '--json']);
  expect(code).toBe(expected);
  expect(JSON.parse(out)).toMatchObject({ data: { run: { runId: 'K7M2QX', status } } });
});

test('10: the wait was over before the run', async () => {
  const { inStore, textops } = await cliBench();
  await inStore((store) => seedRun(store, light));
  const { code, out, err } = await textops('show', 'K7M2QX', '--wait', '--timeout', '20ms');
  expect(code).toBe(EXIT.timedOut);
  expect(out).toContain('waiting for approval');
  expect(err).toContain('Not over after 20ms.');
});

test('78: every problem of the configuration, one line each, before anything is opened', async () => {
  const { cwd, run } = await cliBench();
  await writeFile(
    join(cwd, 'textops.yaml'),
    'jobs:\n  backup:\n    command: [a]\n    retry: { atempts: 3 }\n  other:\n    comand: [b]\n',
  );
  const env = { HTTP_PORT: '99999', QUEUE: 'mmory', TELEGRAM_BOT_TOKEN: 'hunter2' };
  for (const command of ['check', 'start', 'worker']) {
    const { code, out, err } = await run([command], { env });
    expect({ code, out }).toEqual({ code: EXIT.badConfiguration, out: '' });
    expect(err).toContain(
      'textops.yaml:4:14 jobs.backup.retry.atempts: unknown key; did you mean "attempts"?\n',
    );
    expect(err).toContain('jobs.other.comand: unknown key; did you mean "command"?\n');
    expect(err).toContain('HTTP_PORT: "99999" is not a whole number');
    expect(err).toContain('QUEUE: ');
    expect(err).not.toContain('hunter2');
  }
});

test('with --json an error is one JSON object on stderr', async () => {
  const { textops, inStore } = await cliBench();
  await inStore((store) => seedRun(store, light));
  const { code, out, err } = await textops('--json', 'show', 'ABC123');
  expect({ code, out }).toEqual({ code: EXIT.notFound, out: '' });
  expect(JSON.parse(err)).toEqual({
    error: { code: 'RUN_NOT_FOUND', message: 'No run ABC123.', hint: null, run_id: 'ABC123' },
  });
  expect(JSON.parse((await textops('docter', '--json')).err)).toMatchObject({ error: { code: 'USAGE' } });
  const wrong = await textops('check', '--json', '--config', 'nowhere.yaml');
  expect(JSON.parse(wrong.err)).toMatchObject({
    error: { code: 'BAD_CONFIGURATION', problems: ['nowhere.yaml is missing'] },
  });
});

test('every reason to stop has an exit code of the contract', () => {
  for (const code of Object.values(EXIT_OF)) expect(Object.values(EXIT)).toContain(code);
});
