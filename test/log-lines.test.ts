import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshFolder } from './e2e/program.ts';
import { faultsOfLogIn, logged, takeBadLines } from './log-lines.ts';
import { observations } from './telemetry/observations.ts';

test('whatever is observed is a record, also of kinds that no test brings about', () => {
  const observe = logged(() => undefined);
  for (const observation of observations('words', new Error('broken'))) observe(observation);
  expect(takeBadLines()).toEqual([]);
});

test('a line about a run without its actor is noticed', () => {
  const observe = logged(() => undefined);
  // Outside of all work nobody acts, and this one does not say who does.
  observe({ kind: 'message_handled', channel: 'dev', intent: 'Status', runId: 'K7M2QX', tookMs: 1 });
  expect(takeBadLines()).toEqual([expect.stringContaining('a line about a run has a trace and an actor')]);
});

test('a line about an attempt without its run is noticed', () => {
  const observe = logged(() => undefined);
  observe({ kind: 'loop_faulted', loop: 'worker-report', error: new Error('broken') });
  expect(takeBadLines()).toEqual([expect.stringContaining('a line about a run names it')]);
});

test.each([
  ['{"level":"info"}', 'time: '],
  ['plain words', 'no JSON'],
  ['{"level":"info","time":"2026-11-2', 'no JSON'],
])('a file with the line %s is noticed', async (line, fault) => {
  const folder = await freshFolder();
  await mkdir(join(folder, 'data', 'logs'), { recursive: true });
  await appendFile(join(folder, 'data', 'logs', 'textops.log.1'), `${line}\n`);
  expect(await faultsOfLogIn(folder)).toEqual([expect.stringContaining(fault)]);
});
