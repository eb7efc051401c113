import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATABASES, freshDatabaseUrl } from './databases.ts';
import { freshFolder, type Program, runThatIs, say, showRun, startProgram, until } from './program.ts';

const RUNS = 1000;

describe.each(DATABASES)('workers in processes of their own, on %s', (kind) => {
  test('two of them execute 1,000 jobs 1,000 times', { timeout: 120_000 }, async () => {
    const folder = await freshFolder();
    const env = { DATABASE_URL: await freshDatabaseUrl(kind, folder), WORKER: 'separate', LOG_LEVEL: 'warn' };
    const program = await startProgram(folder, env);
    // Nobody begins before both are there.
    await say(program, 'pause queue');
    const ids = await inBatches(RUNS, 50, async () => {
      const { runId } = await say(program, 'run demo');
      if (runId === null) throw new Error('no run was made');
      await say(program, `yes ${runId}`);
      return runId;
    });
    await Promise.all([startProgram(folder, env, 'worker'), startProgram(folder, env, 'worker')]);
    await say(program, 'unpause queue');
    await until(async () => (await succeeded(program)) === RUNS, 60_000);
    const owners = new Set<string>();
    for (const id of ids) {
      const { events } = await showRun(program, id);
      expect(events.map((event) => event.type)).toEqual(PLAIN_RUN);
      owners.add(events[4]?.actor ?? 'nobody');
    }
    expect(owners.size).toBe(2);
  });

  test('one that dies in the middle of an idempotent job leaves it to the other', async () => {
    const { program, first, startAnother, runId, marks } = await midJob(kind, 'idempotent');
    await first.kill();
    const second = await startAnother();
    const { events } = await runThatIs(program, runId, 'Succeeded');
    expect(events.map((event) => event.type)).toEqual([
      ...PLAIN_RUN.slice(0, 5),
      'ExecutionLost',
      'ExecutionRetried',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(await marks()).toBe(2);
    expect(await second.stop()).toBe(0);
  });

  test('one that dies in the middle of any other job leaves a question', async () => {
    const { program, first, startAnother, runId, marks } = await midJob(kind, 'unknown');
    await first.kill();
    await startAnother();
    const { events } = await runThatIs(program, runId, 'AwaitingApproval');
    expect(events.slice(5).map((event) => event.type)).toEqual(['ExecutionLost', 'ApprovalRequested']);
    expect(await marks()).toBe(1);
    await say(program, `no ${runId}`);
    expect((await showRun(program, runId)).run.status).toBe('Failed');
  });
});

const PLAIN_RUN = [
  'RunCreated',
  'ApprovalRequested',
  'RunApproved',
  'ExecutionDispatched',
  'ExecutionStarted',
  'ExecutionSucceeded',
];

/** A job that leaves a mark per start, runs long the first time and ends at once the second. */
const midJob = async (kind: (typeof DATABASES)[number], effects: 'idempotent' | 'unknown') => {
  const script = `const fs=require('fs');fs.appendFileSync('marks','x');if(fs.readFileSync('marks').length===1)setTimeout(()=>{},30000)`;
  const declared = effects === 'idempotent' ? 'effects: idempotent, ' : '';
  const folder = await freshFolder(`
jobs:
  long: { ${declared}command: ["node", "-e", ${JSON.stringify(script)}] }
`);
  const env = {
    DATABASE_URL: await freshDatabaseUrl(kind, folder),
    WORKER: 'separate',
    // Of a worker that died on the same machine is known at once that it is gone; a busy one has to keep this.
    LEASE_MS: '3000',
  };
  const program = await startProgram(folder, env);
  const startAnother = (): Promise<Program> => startProgram(folder, env, 'worker');
  const first = await startAnother();
  const { runId } = await say(program, 'run long');
  if (runId === null) throw new Error('no run was made');
  await say(program, `yes ${runId}`);
  const marks = async (): Promise<number> =>
    (await readFile(join(folder, 'marks'), 'utf8').catch(() => '')).length;
  await until(async () => (await marks()) === 1, 20_000);
  return { program, first, startAnother, runId, marks };
};

const succeeded = async (program: Program): Promise<number> => {
  let count = 0;
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${program.url}/runs?status=Succeeded&limit=100${next}`);
    const page = (await response.json()) as { runs: unknown[]; nextCursor: string | null };
    count += page.runs.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
};

const inBatches = async <T>(count: number, size: number, make: () => Promise<T>): Promise<readonly T[]> => {
  const made: T[] = [];
  while (made.length < count) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(size, count - made.length) }, make))));
  }
  return made;
};
