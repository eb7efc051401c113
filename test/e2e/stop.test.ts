import { describe, expect, inject, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { isAlive } from '../worker/workbench.ts';
import { marking, pidsOf, running } from './marking-jobs.ts';
import { type CleanUp, freshFolder, type Program, runThatIs, startProgram, until } from './program.ts';

const YAML = `
jobs:
  harmless:
    command: ${marking('harmless', 'if (starts === 1) setInterval(() => {}, 1000)')}
    effects: idempotent
  stubborn:
    command: ${marking('stubborn', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)")}
`;

describe.concurrent('a program that is asked to stop while jobs run', () => {
  const stops = async (url: string, folder: string, cleanUp: CleanUp): Promise<void> => {
    const env = { DATABASE_URL: url };
    const program = await startProgram(folder, env, 'start', cleanUp);
    const harmless = await running(program, folder, 'harmless');
    const stubborn = await running(program, folder, 'stubborn');
    const asked = performance.now();
    expect(await program.stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(25_000);
    expect([isAlive(harmless.pid), isAlive(stubborn.pid)]).toEqual([false, false]);
    const store = await openStore({ url });
    cleanUp(() => store.close());
    const ids = [harmless.runId, stubborn.runId];
    const runs = await store.runs.find(ids);
    expect(ids.map((id) => runs.get(id)?.state.status)).toEqual(['Dispatching', 'AwaitingApproval']);
    const next = await startProgram(folder, env, 'start', cleanUp);
    const { events } = await runThatIs(next, harmless.runId, 'Succeeded');
    expect(events.slice(4).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'ExecutionLost',
      'ExecutionRetried',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(await pidsOf(folder, 'stubborn')).toEqual([stubborn.pid]);
  };

  // What may not be started twice has most of the time to end by itself, so this takes as long as it takes.
  test('ends within 25 s, hands a harmless job back and asks about any other, on SQLite', async ({
    onTestFinished: cleanUp,
  }) => {
    const folder = await freshFolder(YAML, cleanUp);
    await stops(`file:${folder}/data/textops.db`, folder, cleanUp);
  });

  test('ends within 25 s, hands a harmless job back and asks about any other, on PostgreSQL', async ({
    onTestFinished: cleanUp,
  }) => {
    const database = await freshPostgresDatabase(inject('postgresUrl'));
    cleanUp(() => database.drop());
    await stops(database.url, await freshFolder(YAML, cleanUp), cleanUp);
  });
});

describe('a program that is asked a second time', () => {
  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('by %s and then %s ends at once, and its jobs with it', async (first, second) => {
    const folder = await freshFolder(YAML);
    const program = await startProgram(folder);
    const { pid } = await running(program, folder, 'stubborn');
    expect(await endsAtOnce(program, first, second)).toBe(1);
    await until(() => !isAlive(pid), 10_000);
  });

  test('as a worker alone ends at once, and its jobs with it', async () => {
    const folder = await freshFolder(YAML);
    const env = { WORKER: 'separate' };
    const program = await startProgram(folder, env);
    const worker = await startProgram(folder, env, 'worker');
    const { pid } = await running(program, folder, 'stubborn');
    expect(await endsAtOnce(worker, 'SIGTERM', 'SIGTERM')).toBe(1);
    await until(() => !isAlive(pid), 10_000);
  });
});

/** The exit code; fails unless the second signal ended what the first one had begun to end. */
const endsAtOnce = async (
  program: Program,
  first: NodeJS.Signals,
  second: NodeJS.Signals,
): Promise<number | null> => {
  program.signal(first);
  await until(() => program.output().includes(`Stopping (${first})`), 10_000);
  const asked = performance.now();
  program.signal(second);
  const code = await program.ended();
  // The job alone would have had ten seconds more.
  expect(performance.now() - asked).toBeLessThan(5_000);
  return code;
};
