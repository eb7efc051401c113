import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { baseOf } from './compare.ts';

// Measures the stages of this checkout beside those of the commit that it is built on, and fails when one takes a tenth longer.
// `--base REF` compares with another one; everything else goes on to stages.ts.

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);

const base = args.includes('--base') ? undefined : await baseHere();
if (base === undefined && !args.includes('--base')) {
  console.log('regression: skipped, because there is no commit before this one to compare with');
} else {
  const against = base === undefined ? [] : ['--base', base];
  const stages = [join(import.meta.dirname, 'stages.ts'), ...args, ...against];
  const [code] = (await once(spawn(process.execPath, stages, { stdio: 'inherit' }), 'exit')) as [
    number | null,
  ];
  process.exitCode = code ?? 1;
}

async function baseHere(): Promise<string | undefined> {
  const [head, origin, main, parent] = await Promise.all([
    commit('rev-parse', 'HEAD'),
    commit('merge-base', 'HEAD', 'origin/main'),
    commit('merge-base', 'HEAD', 'main'),
    commit('rev-parse', '--verify', '--quiet', 'HEAD^'),
  ]);
  return baseOf({ head, forks: [origin, main], parent });
}

/** Undefined where git knows no such commit, or nothing of this folder at all. */
async function commit(...words: readonly string[]): Promise<string | undefined> {
  const found = await promisify(execFile)('git', words, { cwd: root }).catch(() => undefined);
  return found?.stdout.trim();
}
