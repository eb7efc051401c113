import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ProcessSpec, runProcess } from '../../../src/worker/process/run-process.ts';
import { listening, textWith, workbench } from '../workbench.ts';
import { processRuns } from './process-runs.ts';

const bench = await workbench();

const { specOf, run } = processRuns(bench);

describe('the end of a process', () => {
  test('exit 0 succeeds with the last line as its summary', async () => {
    const { outcome } = await run(`console.log('one\\n\\u001b[32mtwo\\u001b[0m\\n\\n')`);
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: 'two' });
  });

  test('a silent process says how it ended', async () => {
    expect((await run('')).outcome).toMatchObject({
      kind: 'succeeded',
      summary: 'exit 0',
      output: { bytes: 0 },
    });
    expect((await run('process.exit(7)')).outcome).toMatchObject({
      kind: 'failed',
      reason: 'exit',
      exitCode: 7,
      summary: 'exit 7',
    });
  });

  test('another exit code fails in the words of the job', async () => {
    const { outcome } = await run(`console.error('disk full'); process.exitCode = 3`);
    expect(outcome).toMatchObject({ reason: 'exit', exitCode: 3, summary: 'disk full (exit 3)' });
  });

  test('a process killed from outside fails by its signal', async () => {
    const { outcome } = await run(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`);
    expect(outcome).toMatchObject({ reason: 'signal', signal: 'SIGKILL', summary: 'killed by SIGKILL' });
    expect(outcome).not.toHaveProperty('exitCode');
  });

  test('an unending process is stopped by TERM at its timeout', async () => {
    const { outcome } = await run('setInterval(() => {}, 1000)', { timeoutMs: 300 });
    expect(outcome).toMatchObject({
      reason: 'timeout',
      signal: 'SIGTERM',
      summary: 'timed out after 300 ms',
    });
  });

  test('one that ignores TERM is killed after the grace', async () => {
    const outcome = await canceledOnceUp(`process.on('SIGTERM', () => console.log('no'));`, 200);
    expect(outcome).toMatchObject({ reason: 'canceled', signal: 'SIGKILL', summary: 'canceled: no' });
  });

  test('one that tidies up within the grace may finish, and is canceled all the same', async () => {
    const tidy = `setTimeout(() => { console.log('tidy'); process.exit(0) }, 100)`;
    const outcome = await canceledOnceUp(`process.on('SIGTERM', () => ${tidy});`, 10_000);
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'canceled',
      exitCode: 0,
      summary: 'canceled: tidy',
    });
  });
});

/** Cancels as soon as the job has said that its handlers are in place. */
const canceledOnceUp = async (source: string, graceMs: number) => {
  const abort = new AbortController();
  const script = await bench.script(`${source} setInterval(() => {}, 1000); console.log('::progress up');`);
  const onProgress = () => abort.abort('canceled');
  return runProcess(specOf([script], { graceMs }), { signal: abort.signal, onProgress });
};

const spawn = async (given: Partial<ProcessSpec>, args: readonly string[] = []) =>
  runProcess(specOf(args, given), listening().hooks);

describe('a process that cannot start', () => {
  test('says that there is no such file', async () =>
    expect(await spawn({ file: bench.path('nothing') })).toMatchObject({
      reason: 'spawn',
      summary: textWith('no such file'),
      output: { bytes: 0 },
    }));

  test('says that the file is not executable', async () => {
    const file = bench.path('plain.txt');
    await writeFile(file, 'text');
    await chmod(file, 0o644);
    expect(await spawn({ file })).toMatchObject({
      reason: 'spawn',
      summary: textWith('not executable'),
    });
  });

  test('says that its folder does not exist', async () =>
    expect(await spawn({ cwd: bench.path('nowhere') })).toMatchObject({
      reason: 'spawn',
      summary: textWith('nowhere does not exist'),
    }));

  test('refuses NUL and endless arguments without repeating them', async () => {
    const nul = await spawn({}, ['se\0cret']);
    expect(nul).toMatchObject({ reason: 'spawn', summary: textWith('NUL') });
    const long = await spawn({}, ['x'.repeat(4_000_000)]);
    expect(long).toMatchObject({ reason: 'spawn', summary: textWith('too long') });
  });
});

describe('output', () => {
  test('ten megabytes without a newline neither block nor fill the memory', async () => {
    const { outcome } = await run(`process.stdout.write('z'.repeat(10 * 1024 * 1024))`);
    const sha256 = createHash('sha256').update('z'.repeat(10_485_760)).digest('hex');
    expect(outcome).toMatchObject({ kind: 'succeeded', output: { bytes: 10_485_760, sha256 } });
    expect(outcome.output.head).toHaveLength(65_536);
    expect(outcome.output.tail).toHaveLength(196_608);
    expect(outcome.summary).toBe(`${'z'.repeat(199)}…`);
  });

  test('binary output is kept as text that a database takes, and hashed as it was', async () => {
    const { outcome } = await run(
      `process.stdout.write(Buffer.from(Array.from({ length: 256 }, (_, i) => i)))`,
    );
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect(outcome.output.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(outcome.output.head).not.toContain('\0');
    expect(outcome.output.head).toContain('\uFFFD');
    expect(outcome.output.head.isWellFormed()).toBe(true);
  });

  test('stdout and stderr are one output in order of arrival', async () => {
    const source = `import { setTimeout as wait } from 'node:timers/promises';
      process.stdout.write('a1 '); await wait(300); process.stderr.write('b2 '); await wait(300); process.stdout.write('c3');`;
    const { outcome } = await run(source);
    expect(outcome).toMatchObject({
      summary: textWith('c3'),
      output: { head: 'a1 b2 c3', bytes: 8 },
    });
  });

  test('a character written in two halves stays one, even with stderr in between', async () => {
    const source = `import { setTimeout as wait } from 'node:timers/promises';
      const rocket = Buffer.from('🚀'); process.stdout.write(rocket.subarray(0, 2)); await wait(200);
      process.stderr.write('!'); await wait(200); process.stdout.write(rocket.subarray(2));`;
    const { outcome } = await run(source);
    expect(outcome.output.head).toBe('!🚀');
  });

  test('progress is recognised across chunks, on stdout only, and is never the summary', async () => {
    const source = `import { setTimeout as wait } from 'node:timers/promises';
      for (const part of ['::pro', 'gress 4', '0 copy', 'ing\\n::progress verifying\\ndone\\n::progress 100 fin', 'ished\\n']) {
        process.stdout.write(part); await wait(60);
      }
      process.stderr.write('::progress 99 not mine\\n');`;
    const { outcome, progress } = await run(source);
    expect(progress).toEqual([
      { percent: 40, text: 'copying' },
      { text: 'verifying' },
      { percent: 100, text: 'finished' },
    ]);
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: '::progress 99 not mine' });
    const quiet = await run(`console.log('done\\n::progress 100 finished')`);
    expect(quiet.outcome.summary).toBe('done');
  });
});

describe('input and environment', () => {
  test('stdin holds what it was given, and its end', async () => {
    const { outcome } = await run('process.stdin.pipe(process.stdout)', { stdin: '{"db":"main"}' });
    expect(outcome.summary).toBe('{"db":"main"}');
  });

  test('a job that never reads a large input still succeeds', async () => {
    const { outcome } = await run(`console.log('done'); process.exit(0)`, { stdin: 'x'.repeat(5_000_000) });
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: 'done' });
  });

  test('the environment is what was given, the mark, and nothing of ours', async () => {
    const { outcome } = await run('console.log(Object.keys(process.env).sort().join(" "))', {
      env: { ONLY: '1' },
    });
    expect(outcome.summary).toBe('ONLY TEXTOPS_PROCESS');
  });
});

describe('a raised signal', () => {
  test('before the start starts nothing', async () => {
    const made = bench.path('made');
    const { abort, hooks } = listening();
    abort.abort('lease_lost');
    const script = await bench.script(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(made)}, '')`,
    );
    const outcome = await runProcess(specOf([script]), hooks);
    expect(outcome).toMatchObject({ reason: 'lease_lost', output: { bytes: 0 } });
    expect(existsSync(made)).toBe(false);
  });

  test('for a reason we do not know counts as an interruption', async () => {
    const { abort, hooks } = listening();
    abort.abort();
    expect(await runProcess(specOf([]), hooks)).toMatchObject({ reason: 'interrupted' });
  });
});
