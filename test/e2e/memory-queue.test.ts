import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshFolder, type Program, runThatIs, say, showRun, startProgram, until } from './program.ts';

/** Leaves a mark per start; the first start runs longer than any test, every later one ends at once. */
const marking = (file: string): string =>
  `const fs=require('fs');fs.appendFileSync('${file}','x');` +
  `if(fs.readFileSync('${file}').length===1)setTimeout(()=>{},30000)`;

const YAML = `
jobs:
  quick: { command: ["echo", "done"] }
  again: { effects: idempotent, command: ["node", "-e", ${JSON.stringify(marking('again'))}] }
  once: { command: ["node", "-e", ${JSON.stringify(marking('once'))}] }
`;

/** The lease is one that a busy machine can keep. */
const ENV = { QUEUE: 'memory', WORKER_CONCURRENCY: '2', LEASE_MS: '3000' };

const approved = async (program: Program, job: string): Promise<string> => {
  const { runId } = await say(program, `run ${job}`);
  if (runId === null) throw new Error('no run was made');
  await say(program, `yes ${runId}`);
  return runId;
};

test('with its queue in memory, a killed program leaves nothing hanging', { timeout: 40_000 }, async () => {
  const folder = await freshFolder(YAML);
  const marks = async (file: string): Promise<number> =>
    (await readFile(join(folder, file), 'utf8').catch(() => '')).length;
  const typesOf = async (program: Program, runId: string): Promise<readonly string[]> =>
    (await showRun(program, runId)).events.map(({ type }) => type);

  const first = await startProgram(folder, ENV);
  const plain = await runThatIs(first, await approved(first, 'quick'), 'Succeeded');
  expect(plain.events).toHaveLength(6);
  const again = await approved(first, 'again');
  const once = await approved(first, 'once');
  await until(async () => (await marks('again')) === 1 && (await marks('once')) === 1, 20_000);
  await Promise.all([runThatIs(first, again, 'Running'), runThatIs(first, once, 'Running')]);
  // Both slots are taken, so this one stays in the queue, which dies with the process.
  const waiting = await approved(first, 'quick');
  await runThatIs(first, waiting, 'Dispatching');
  await first.kill();

  const second = await startProgram(folder, ENV);
  await runThatIs(second, waiting, 'Succeeded');
  expect(await typesOf(second, waiting)).toEqual(plain.events.map(({ type }) => type));
  await runThatIs(second, again, 'Succeeded');
  expect((await typesOf(second, again)).slice(5)).toEqual([
    'ExecutionLost',
    'ExecutionRetried',
    'ExecutionStarted',
    'ExecutionSucceeded',
  ]);
  await runThatIs(second, once, 'AwaitingApproval');
  expect((await typesOf(second, once)).slice(5)).toEqual(['ExecutionLost', 'ApprovalRequested']);
  expect([await marks('again'), await marks('once')]).toEqual([2, 1]);
  expect(await second.stop()).toBe(0);
});

test('a second program beside a queue in memory does not start, and the first one goes on', async () => {
  const folder = await freshFolder(YAML);
  const first = await startProgram(folder, ENV);
  await expect(startProgram(folder, ENV)).rejects.toThrow(
    /ended with 78:[^]*QUEUE: memory is for one process, and \S+ has this database; leave it out, or stop that one/,
  );
  await runThatIs(first, await approved(first, 'quick'), 'Succeeded');
  expect(await first.stop()).toBe(0);
  expect(await (await startProgram(folder, ENV)).stop()).toBe(0);
});
