import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { loopback } from '../cli/loopback.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

const program = resolve(import.meta.dirname, '../../bin/textops.js');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program as a shell would start it: a real process, without the settings of whoever runs the tests. */
const textops = (
  cwd: string,
  argv: readonly string[],
  { runtime = [], variables = {} }: { runtime?: readonly string[]; variables?: Record<string, string> } = {},
): Promise<Ended> =>
  new Promise((done) => {
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...variables };
    const child = execFile(process.execPath, [...runtime, program, ...argv], { cwd, env }, (_, out, err) => {
      done({ code: child.exitCode, out, err });
    });
    child.stdin?.end();
  });

const folder = async (): Promise<string> => {
  const cwd = await mkdtemp(join(tmpdir(), 'textops-cli-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  return cwd;
};

test('data goes to stdout and the exit code is the answer', async () => {
  const cwd = await folder();
  expect(await textops(cwd, ['version'])).toEqual({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    err: '',
  });
  expect(await textops(cwd, ['migrate', '--quiet'])).toMatchObject({ code: 0, err: '' });
  expect(await textops(cwd, ['runs'])).toEqual({
    code: 0,
    out: 'RUN\tJOB\tSTATUS\tSINCE\tASKED BY\tSUMMARY\n',
    err: '',
  });
  expect(await textops(cwd, ['show', 'K7M2QX'])).toEqual({ code: 3, out: '', err: 'No run K7M2QX.\n' });
});

test('no command means start, and a bad configuration ends it with 78 before any port opens', async () => {
  const cwd = await folder();
  await writeFile(join(cwd, 'textops.yaml'), 'jobs:\n  backup:\n    comand: [a]\n');
  for (const argv of [[], ['start'], ['check']]) {
    const { code, out, err } = await textops(cwd, argv);
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toContain('textops.yaml:3:5 jobs.backup.comand: unknown key; did you mean "command"?');
  }
});

test('a slip is wrong usage and starts nothing', async () => {
  const cwd = await folder();
  const { code, err } = await textops(cwd, ['satrt']);
  expect(code).toBe(2);
  expect(err).toContain('Did you mean start?');
});

test('an old Node is told so in one sentence', async () => {
  const cwd = await folder();
  const script = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})";
  const older = ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  expect(await textops(cwd, ['version'], { runtime: older })).toEqual({
    code: 1,
    out: '',
    err: 'textops needs Node 22.18 or newer; this is Node 20.19.0.\n',
  });
});

test('a port that is taken is one sentence, not a stack', async () => {
  const cwd = await folder();
  const { port } = await loopback((_, response) => response.end());
  const { code, out, err } = await textops(cwd, [], { variables: { HTTP_PORT: String(port) } });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(`port ${port} on 127.0.0.1 is in use`);
  expect(err).not.toContain('    at ');
});

test('on PostgreSQL the commands are the same', async () => {
  const cwd = await folder();
  const fresh = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => fresh.drop());
  const onPostgres = (...argv: readonly string[]) =>
    textops(cwd, argv, { variables: { DATABASE_URL: fresh.url, HTTP_PORT: '0' } });
  expect(await onPostgres('runs')).toMatchObject({
    code: 4,
    err: expect.stringContaining('textops migrate'),
  });
  expect(await onPostgres('migrate')).toMatchObject({
    code: 0,
    out: expect.stringContaining('applied 0000_'),
  });
  expect(await onPostgres('audit', 'verify')).toMatchObject({ code: 0, out: 'ok: 0 events in 0 chains\n' });
  expect(await onPostgres('ops')).toMatchObject({ code: 0, out: expect.stringContaining('OK · dev') });
  const { code, out } = await onPostgres('doctor');
  expect(code).toBe(0);
  expect(out).toContain('✔ clock: database and machine agree');
});
