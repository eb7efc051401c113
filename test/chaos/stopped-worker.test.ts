import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATABASES, freshDatabaseUrl } from '../e2e/databases.ts';
import { marking, pidsOf, running } from '../e2e/marking-jobs.ts';
import { freshFolder, type Program, runThatIs, say, showRun, startProgram, until } from '../e2e/program.ts';
import { administer } from '../setup/administer.ts';
import { isAlive } from '../worker/workbench.ts';
import { record } from './evidence.ts';
import { sized } from './size.ts';

const ROUNDS = sized(1, 20);
const LEASE_MS = 2500;

/** The first start of `long` never ends, that of `short` when it is told to; the second one of either ends at once. */
const yamlOf = (round: number): string => `
  long-${round}:
    command: ${marking(`long-${round}`, "if (starts === 1) setInterval(() => {}, 1000); else console.log('second')")}
    effects: idempotent
  short-${round}:
    command: ${marking(
      `short-${round}`,
      `if (starts > 1) console.log('second'); else { const wait = setInterval(() => ` +
        `{ if (fs.existsSync('go-${round}')) { console.log('first'); clearInterval(wait); } }, 20); }`,
    )}
    effects: idempotent
`;

/** Not while it holds the database: then everybody else would wait for it, and nothing could be taken back. */
const stopBetweenCommits = async (worker: Program, url: string): Promise<void> =>
  until(async () => {
    worker.signal('SIGSTOP');
    try {
      await administer(url, "update lane_pauses set until = 0 where address = 'nobody'");
      return true;
    } catch {
      worker.signal('SIGCONT');
      return false;
    }
  }, 60_000).then(() => undefined);

describe.each(DATABASES)('a worker process that stands still for three leases, on %s', (kind) => {
  test(`its reports do not count, its job is dead, and it works on (${ROUNDS} of ${ROUNDS})`, {
    timeout: ROUNDS * 120_000,
  }, async () => {
    const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
    const folder = await freshFolder(`jobs:${rounds.map(yamlOf).join('')}  after: { demo: {} }\n`);
    const url = await freshDatabaseUrl(kind, folder);
    const env = { DATABASE_URL: url, WORKER: 'separate', LEASE_MS: String(LEASE_MS) };
    const program = await startProgram(folder, env);
    for (const round of rounds) {
      const still = await startProgram(folder, env, 'worker');
      const long = await running(program, folder, `long-${round}`);
      const short = await running(program, folder, `short-${round}`);
      await stopBetweenCommits(still, url);
      const stopped = performance.now();
      await writeFile(join(folder, `go-${round}`), '');
      const other = await startProgram(folder, env, 'worker');
      const ids = [long.runId, short.runId];
      const taken = await Promise.all(ids.map((id) => runThatIs(program, id, 'Succeeded')));
      await until(() => performance.now() - stopped >= 3 * LEASE_MS, 60_000);
      still.signal('SIGCONT');
      await until(() => ids.every((id) => refusals(still, id) === 1), 10_000);
      await until(() => !isAlive(long.pid), 10_000);
      for (const [index, id] of ids.entries()) {
        expect(await showRun(program, id)).toEqual(taken[index]);
        expect(taken[index]?.run.summary).toBe('second');
        expect(taken[index]?.events.slice(4).map(({ type }) => type)).toEqual(TAKEN_BACK);
      }
      expect((await pidsOf(folder, `long-${round}`)).length).toBe(2);
      expect((await pidsOf(folder, `short-${round}`)).length).toBe(2);
      expect(await other.stop()).toBe(0);
      const { runId } = await say(program, 'run after');
      await say(program, `yes ${runId}`);
      await runThatIs(program, String(runId), 'Succeeded');
      expect(await still.stop()).toBe(0);
    }
    await record(`a worker stands still for three leases, ${kind}`, {
      rounds: ROUNDS,
      reportsThatCounted: 0,
    });
  });
});

const TAKEN_BACK = [
  'ExecutionStarted',
  'ExecutionLost',
  'ExecutionRetried',
  'ExecutionStarted',
  'ExecutionSucceeded',
];

const refusals = (worker: Program, runId: string): number =>
  worker.output().split(`run ${runId}: the report of`).length - 1;
