import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Stop } from '../voice/stop.ts';
import type { Manifest } from './manifest.ts';

/** As vitest's JSON reporter writes it; nobody types it. */
const Report = z.object({
  success: z.boolean(),
  startTime: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
});

/** Of tests that passed, and that were run on this very commit or after it. */
export const readTestSummary = async (file: string, committedAtMs: number): Promise<Manifest['tests']> => {
  const hint = 'Run npm run test:report on this commit.';
  const refuse = (message: string): Stop => new Stop({ code: 'REFUSED', message, hint });
  if (!existsSync(file)) throw refuse(`There is no test report at ${file}.`);
  const read = Report.safeParse(parsed(await readFile(file, 'utf8')));
  if (!read.success) throw refuse(`${file} is no report of the tests.`);
  const { success, startTime, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = read.data;
  if (!success || numFailedTests > 0) {
    throw refuse(
      `The tests failed (${numFailedTests} of ${numPassedTests + numFailedTests}); nothing is built.`,
    );
  }
  if (numPassedTests === 0) throw refuse(`${file} tells of no test that passed.`);
  if (startTime < committedAtMs) throw refuse(`${file} is older than the commit.`);
  return {
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
    startedAt: new Date(startTime).toISOString(),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
