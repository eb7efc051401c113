import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CommandTarget, JobSpec, Params } from '../../../src/core/jobs/job.ts';
import type { ExecutionRequest } from '../../../src/core/ports/executor.ts';
import { commandExecutor } from '../../../src/worker/executors/command-executor.ts';
import { listening, requestOf, textParams, textWith, workbench } from '../workbench.ts';

const bench = await workbench();
const node = process.execPath;

const environment = {
  PATH: process.env['PATH'],
  COLOUR: 'blue',
  HIDDEN: 'not for jobs',
  TEXTOPS_RUN_ID: 'outer',
};
const executor = commandExecutor({ baseDir: bench.folder, environment });

const run = async (
  command: readonly string[],
  given: {
    readonly target?: Partial<CommandTarget>;
    readonly spec?: Partial<JobSpec>;
    readonly request?: Partial<Omit<ExecutionRequest, 'job'>>;
  } = {},
) => {
  const { hooks, progress } = listening();
  const target: CommandTarget = { kind: 'command', command, env: [], ...given.target };
  const outcome = await executor.execute(
    requestOf({ timeoutMs: 20_000, ...given.spec, target }, given.request),
    hooks,
  );
  return { ...outcome, progress };
};

const ECHO = 'process.stdout.write(JSON.stringify(process.argv.slice(2)))';
const withParams = (params: Params) => ({ request: { params }, spec: { params: textParams(params) } });

describe('arguments', () => {
  test.each([
    '; rm -rf /',
    '$(touch pwned)',
    '`touch pwned`',
    '| tee pwned',
    'line one\nline two',
    '"\'\\',
    '*',
    '$HOME',
    '%PATH%',
    '../../etc/passwd',
    '',
    ' ',
    '--help',
    '{db}',
    '{secret:DB_PASSWORD}',
    '\u202Etxt.exe',
    '__proto__',
  ])('%j arrives letter by letter', async (db) => {
    const script = await bench.script(ECHO);
    const outcome = await run([node, script, 'before', '{db}', 'after'], withParams({ db }));
    expect(JSON.parse(outcome.output.head)).toEqual(['before', db, 'after']);
    expect(existsSync(bench.path('pwned'))).toBe(false);
  });

  test('integers and booleans become text', async () => {
    const outcome = await run(
      [node, await bench.script(ECHO), '{n}', '{yes}'],
      withParams({ n: 7, yes: true }),
    );
    expect(JSON.parse(outcome.output.head)).toEqual(['7', 'true']);
  });

  test('only a whole argument is a placeholder, and only of a declared name', async () => {
    const command = [node, await bench.script(ECHO), '--db={db}', '{print}', '{toString}', '{}'];
    const outcome = await run(command, withParams({ db: 'main' }));
    expect(JSON.parse(outcome.output.head)).toEqual(['--db={db}', '{print}', '{toString}', '{}']);
  });

  test('a declared parameter without a value starts nothing', async () => {
    const spec = { params: { db: { type: 'string', required: false } as const } };
    expect(await run([node, '{db}'], { spec })).toMatchObject({
      reason: 'spawn',
      summary: textWith('parameter "db" has no value'),
    });
  });

  test('NUL is refused in an argument and in any other parameter', async () => {
    const script = await bench.script(ECHO);
    const argument = await run([node, script, '{db}'], withParams({ db: 'a\0b' }));
    expect(argument).toMatchObject({ reason: 'spawn', summary: textWith('NUL') });
    const aside = await run([node, script], withParams({ note: 'a\0b' }));
    expect(aside).toMatchObject({
      reason: 'spawn',
      summary: textWith('"note" contains a NUL'),
    });
  });

  test('no parameter chooses the program', async () =>
    expect(await run(['{program}', 'x'], withParams({ program: node }))).toMatchObject({
      reason: 'spawn',
      summary: textWith('cannot be a parameter'),
    }));

  test('an empty command starts nothing', async () =>
    expect(await run([])).toMatchObject({
      reason: 'spawn',
      summary: 'cannot start the job: the command is empty',
    }));
});

describe('input and environment', () => {
  const VARIABLES = 'process.stdout.write(JSON.stringify(process.env))';

  test('the parameters are JSON on the standard input', async () => {
    const outcome = await run([node, await bench.script('process.stdin.pipe(process.stdout)')], {
      request: { params: { db: 'main', n: 7, note: '"\n' } },
    });
    expect(JSON.parse(outcome.output.head)).toEqual({ db: 'main', n: 7, note: '"\n' });
  });

  test('only the listed names are inherited', async () => {
    const outcome = await run([node, await bench.script(VARIABLES)], {
      target: { env: ['COLOUR', 'ABSENT'] },
    });
    expect(JSON.parse(outcome.output.head)).toEqual({
      COLOUR: 'blue',
      SHLVL: '1',
      TEXTOPS_PROCESS: textWith(''),
      TEXTOPS_RUN_ID: 'K7M2QX',
      TEXTOPS_ATTEMPT: '1',
      TEXTOPS_IDEMPOTENCY_KEY: 'K7M2QX:1',
    });
  });

  test('a secret reaches the process by its name and leaves no trace in what is kept', async () => {
    const source = `const s = process.env.DB_PASSWORD;
      console.log('::progress 10 using ' + s); console.log('length ' + s.length + ' ' + s);`;
    const outcome = await run([node, await bench.script(source)], {
      request: { secrets: { DB_PASSWORD: 'hunter2-hunter2', TEXTOPS_RUN_ID: 'forged' } },
    });
    expect(outcome).toMatchObject({
      summary: 'length 15 ***',
      progress: [{ percent: 10, text: 'using ***' }],
    });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  test('a secret cannot pretend to be the id of the run', async () => {
    const outcome = await run([node, '-p', 'process.env.TEXTOPS_RUN_ID'], {
      request: { secrets: { TEXTOPS_RUN_ID: 'forged' } },
    });
    expect(outcome.summary).toBe('K7M2QX');
  });
});

describe('where it runs', () => {
  test('a program with a slash is relative to the folder of the configuration, also with a cwd', async () => {
    await mkdir(bench.path('scripts'));
    await mkdir(bench.path('data'));
    await writeFile(bench.path('scripts/where.sh'), '#!/bin/sh\npwd\n');
    await chmod(bench.path('scripts/where.sh'), 0o755);
    expect((await run(['./scripts/where.sh'])).summary).toMatch(/textops-jobs-\w+$/);
    const inside = await run(['./scripts/where.sh'], { target: { cwd: 'data' } });
    expect(inside.summary).toMatch(/textops-jobs-\w+\/data$/);
  });

  test('a program without a slash is found on our PATH', async () => {
    expect(await run(['sh', '-c', 'echo found'])).toMatchObject({ kind: 'succeeded', summary: 'found' });
    expect(await run(['no-such-program-anywhere'])).toMatchObject({
      reason: 'spawn',
      summary: 'cannot start no-such-program-anywhere: no such program on the PATH',
    });
  });

  test('the current folder is never searched', async () => {
    await writeFile(bench.path('planted'), '#!/bin/sh\necho planted\n');
    await chmod(bench.path('planted'), 0o755);
    const careless = commandExecutor({ baseDir: bench.folder, environment: { PATH: ':.' } });
    const target = { kind: 'command', command: ['planted'], cwd: bench.folder, env: [] } as const;
    expect(await careless.execute(requestOf({ target }), listening().hooks)).toMatchObject({
      reason: 'spawn',
    });
  });

  test('a job of another kind is our own mistake', async () =>
    await expect(
      executor.execute(requestOf({ target: { kind: 'demo' } }), listening().hooks),
    ).rejects.toThrow('a command was expected'));
});
