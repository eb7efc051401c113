import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_PID } from '../worker/workbench.ts';
import { type Program, say, until } from './program.ts';

/**
 * The command of a job, as it stands in a catalog: it leaves the number of its process behind with every start and then
 * does the rest, which knows how many `starts` there were. The file is not named in the arguments, because the files that
 * are named there are part of what is approved.
 */
export const marking = (job: string, then: string): string =>
  JSON.stringify([
    'node',
    '-e',
    `const fs = require('fs'); fs.appendFileSync('${job}.pids', ${OWN_PID} + ' '); ` +
      `const starts = fs.readFileSync('${job}.pids', 'utf8').trim().split(' ').length; ${then}`,
  ]);

/** The processes of a job, first start first. */
export const pidsOf = async (folder: string, job: string): Promise<readonly number[]> =>
  (await readFile(join(folder, `${job}.pids`), 'utf8').catch(() => ''))
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);

/** Asks, approves, and waits until the process of the job is there. */
export const running = async (program: Program, folder: string, job: string) => {
  const { runId } = await say(program, `run ${job}`);
  if (runId === null) throw new Error(`no run of ${job}`);
  await say(program, `yes ${runId}`);
  const pid = await until(async () => (await pidsOf(folder, job))[0], 20_000);
  return { runId, pid };
};
