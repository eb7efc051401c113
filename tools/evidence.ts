// Runs the tests that hold the control invariants and writes down what came of them, for `textops scorecard`: `npm run evidence`.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };

/** The rules, the reference they are held to, races, both databases, whole installations. */
const INVARIANTS = [
  'test/core/runs',
  'test/model',
  'test/races',
  'test/contracts/store.test.ts',
  'test/simulation',
];

/** As vitest's JSON reporter counts. */
interface Counts {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

export const evidenceOf = (counts: Counts, about: { readonly at: Date; readonly commit: string }) => ({
  at: about.at.toISOString(),
  commit: about.commit,
  version: manifest.version,
  total: counts.numTotalTests - counts.numPendingTests,
  // A file that did not even load has failed without a single test.
  failed: Math.max(counts.numFailedTests, counts.numFailedTestSuites > 0 ? 1 : 0),
});

const main = async (folder: string, files: readonly string[]): Promise<void> => {
  const raw = join(folder, 'vitest.json');
  await mkdir(folder, { recursive: true });
  await rm(raw, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${raw}`];
  const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...files], { stdio: 'inherit' });
  await once(child, 'exit');
  const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD']);
  // The reporter's own file; whoever changed it meant to.
  const counts = JSON.parse(await readFile(raw, 'utf8')) as Counts;
  const evidence = evidenceOf(counts, { at: new Date(), commit: stdout.trim() });
  await rm(raw);
  const kept = join(folder, 'invariants.json');
  if (files === INVARIANTS) await writeFile(kept, `${JSON.stringify(evidence, null, 2)}\n`);
  const where = files === INVARIANTS ? `kept in ${kept}` : 'not kept: a part proves nothing about the whole';
  process.stdout.write(`${evidence.total} tests, ${evidence.failed} failed; ${where}\n`);
  process.exitCode = evidence.failed === 0 && evidence.total > 0 ? 0 : 1;
};

if (import.meta.main) {
  const named = process.argv.slice(2);
  await main('evidence', named.length === 0 ? INVARIANTS : named);
}
