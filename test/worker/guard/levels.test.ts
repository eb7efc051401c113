import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WORKER_MARK } from '../../../src/worker/process/guard-level.ts';
import { type ProcessSpec, runProcess } from '../../../src/worker/process/run-process.ts';
import { listening, textWith, until, workbench } from '../workbench.ts';
import { CLINGING, CLINGING_COUNT, HIDING, levels, newSeconds, processesWith } from './guarded.ts';

const bench = await workbench();

const shell = (script: string, ...args: readonly string[]): ProcessSpec => ({
  file: '/bin/sh',
  args: ['-c', script, ...args],
  cwd: bench.folder,
  env: { PATH: '/usr/bin:/bin' },
  stdin: '',
  timeoutMs: 20_000,
  graceMs: 200,
  drainMs: 1000,
  mark: newSeconds(),
});

describe.each(levels)('$level', ({ level, lacks }) => {
  const run = (spec: ProcessSpec) => runProcess({ ...spec, guard: level }, listening().hooks);

  test('the end of the job comes through as it is', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    expect(await run(shell('exit 0'))).toMatchObject({ kind: 'succeeded' });
    for (const code of [1, 3, 126, 127, 255]) {
      expect(await run(shell(`exit ${code}`))).toMatchObject({ reason: 'exit', exitCode: code });
    }
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGPIPE'] as const) {
      const outcome = await run(shell(`kill -${signal.slice(3)} $$`));
      expect(outcome).toMatchObject({ reason: 'signal', signal });
      expect(outcome).not.toHaveProperty('exitCode');
    }
  });

  test('arguments, input, output, folder and environment are what they were', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const args = ['', '--', '-x', '$(id)', 'two words', '"quoted"', 'ünï\ncode;', '*'];
    const source = `process.stdin.on('data', (text) => {
      console.error(JSON.stringify([process.argv.slice(2), String(text), process.cwd(), process.env.A]));
    });`;
    const spec = { ...shell(''), file: process.execPath, args: [await bench.script(source), ...args] };
    const outcome = await run({ ...spec, stdin: '{"db":"main"}', env: { A: 'b c' } });
    expect(JSON.parse(outcome.output.head)).toEqual([args, '{"db":"main"}', bench.folder, 'b c']);
  });

  test('the job leads a session and a group of its own', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    // Field 1, 5 and 6: number, group, session, as this machine counts.
    const outcome = await run(shell('read -r a b c d e f g </proc/self/stat; echo "$a $e $f"'));
    expect(new Set(outcome.output.head.trim().split(' ')).size).toBe(1);
  });

  test('what cannot start says so', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const nothing = await run({ ...shell(''), file: bench.path('nothing') });
    expect(nothing).toMatchObject({ reason: 'spawn', summary: textWith('no such file') });
    const folder = await run({ ...shell(''), file: bench.folder });
    expect(folder).toMatchObject({ reason: 'spawn', summary: textWith('not executable') });
  });

  test('cancel leaves nobody', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const seconds = newSeconds();
    const hold = level === 'namespace';
    const abort = new AbortController();
    const hooks = { signal: abort.signal, onProgress: () => undefined };
    const running = runProcess({ ...shell(hold ? HIDING : CLINGING, seconds), guard: level }, hooks);
    const count = CLINGING_COUNT + (hold ? 1 : 0);
    await until('the whole job is there', () => processesWith(seconds).length >= count);
    abort.abort('canceled');
    expect(await running).toMatchObject({ reason: 'canceled', signal: 'SIGTERM' });
    expect(processesWith(seconds)).toEqual([]);
  });

  test('cancel ends a job that has stopped itself', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const seconds = newSeconds();
    const abort = new AbortController();
    const hooks = { signal: abort.signal, onProgress: () => abort.abort('canceled') };
    const stopped = shell(`echo '::progress up'; kill -STOP $$; sleep "$0"`, seconds);
    const outcome = await runProcess({ ...stopped, guard: level }, hooks);
    expect(outcome).toMatchObject({ reason: 'canceled', signal: textWith(/^SIG(TERM|KILL)$/) });
    expect(processesWith(seconds)).toEqual([]);
  });

  test('what a job leaves behind when it ends, ends with it', async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const seconds = newSeconds();
    const leave = `sleep "$0" >/dev/null 2>&1 & (setsid sleep "$0" >/dev/null 2>&1 &); echo done`;
    expect(await run(shell(leave, seconds))).toMatchObject({ kind: 'succeeded', summary: 'done' });
    await until('nobody is left', () => processesWith(seconds).length === 0, 2000);
  });

  test('340 quick jobs leave neither processes nor descriptors', { timeout: 120_000 }, async (context) => {
    if (lacks !== undefined) return context.skip(lacks);
    const lane = async (jobs: number) => {
      for (let job = 0; job < jobs; job += 1) {
        expect(await run({ ...shell(''), file: '/bin/true', args: [] })).toMatchObject({ kind: 'succeeded' });
      }
    };
    const lanes = (jobs: number) => Promise.all([lane(jobs), lane(jobs), lane(jobs), lane(jobs)]);
    await lanes(2);
    const before = held();
    await lanes(85);
    await until('no more is held than before', () => {
      const now = held();
      return now.processes <= before.processes && now.descriptors <= before.descriptors;
    });
  });
});

const held = () => ({
  processes: processesWith(WORKER_MARK).length,
  descriptors: readdirSync('/proc/self/fd').length,
});
