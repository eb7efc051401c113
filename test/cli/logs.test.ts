import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { logFile } from '../../src/cli/log-file.ts';
import type { LogRecord } from '../../src/telemetry/record.ts';
import { logRecord } from '../telemetry/log-record.ts';
import { cliBench } from './cli-bench.ts';

const record = (msg: string, more: Partial<LogRecord> = {}): string =>
  `${JSON.stringify(logRecord({ time: '2026-11-21T12:00:00.000Z', event: 'run.created', msg, ...more }))}\n`;

const logged = async (...lines: readonly string[]) => {
  const bench = await cliBench();
  await mkdir(join(bench.cwd, 'data/logs'), { recursive: true });
  await writeFile(logFile(bench.cwd), lines.join(''));
  return bench;
};

test('the newest records, told in one line each', async () => {
  const { textops } = await logged(
    record('one'),
    record('two', { level: 'error', err: { type: 'Error', message: 'no\nway' } }),
  );
  expect(await textops('logs', '-n', '1')).toEqual({
    code: 0,
    out: '2026-11-21T12:00:00.000Z error run.created two (Error: no way)\n',
    err: '',
  });
});

test('of one run, one event, one level', async () => {
  const { document } = await logged(
    record('one', { run_id: 'K7M2QX' }),
    record('two', { event: 'run.approved', run_id: 'Q2WXYZ' }),
    record('three', { level: 'warn' }),
  );
  const messages = async (...argv: readonly string[]) =>
    ((await document('logs', ...argv)).data as { msg: string }[]).map(({ msg }) => msg);
  expect(await messages()).toEqual(['one', 'two', 'three']);
  expect(await messages('k7m2qx')).toEqual(['one']);
  expect(await messages('--run', 'Q2WXYZ')).toEqual(['two']);
  expect(await messages('--event', 'run.approved')).toEqual(['two']);
  expect(await messages('--level', 'warn')).toEqual(['three']);
});

test('nothing to tell is a hint and no failure', async () => {
  const { textops } = await cliBench();
  expect(await textops('logs')).toMatchObject({
    code: 0,
    out: '',
    err: expect.stringContaining('No such records'),
  });
});

test('following goes on with what is written, also in the next file', async () => {
  const { cwd, run } = await logged(record('before'));
  const out: string[] = [];
  const ending = new AbortController();
  const ended = run(['logs', '--follow', '--event', 'run.created', '--json'], {
    stdout: { write: (text) => out.push(text) },
    signal: ending.signal,
  });
  const messages = () => out.map((line) => (JSON.parse(line) as { msg: string }).msg);
  await vi.waitFor(() => expect(messages()).toEqual(['before']), { timeout: 5_000 });
  const [half, rest] = [record('after').slice(0, 40), record('after').slice(40)];
  await appendFile(logFile(cwd), `not JSON\n${record('other', { event: 'run.denied' })}${half}`);
  await appendFile(logFile(cwd), rest);
  await vi.waitFor(() => expect(messages()).toEqual(['before', 'after']), { timeout: 5_000 });
  await rename(logFile(cwd), `${logFile(cwd)}.1`);
  await writeFile(logFile(cwd), record('in the next file'));
  await vi.waitFor(() => expect(messages().at(-1)).toBe('in the next file'), { timeout: 5_000 });
  ending.abort();
  expect((await ended).code).toBe(0);
});
