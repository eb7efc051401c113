import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseEnv } from 'node:util';
import { cliBench } from './cli-bench.ts';

/** A folder in which somebody links channels, and what its `.env` says. */
export const linkBench = async (before: string) => {
  const bench = await cliBench();
  const path = join(bench.cwd, '.env');
  await writeFile(path, before, { mode: 0o644 });
  const text = () => readFile(path, 'utf8');
  return {
    ...bench,
    path,
    text,
    values: async () => parseEnv(await text()),
    mode: async () => (await stat(path)).mode & 0o777,
    /** With these lines on stdin. */
    link: (argv: readonly string[], lines: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      bench.run(['link', ...argv, '--token-stdin'], { stdin: Readable.from([`${lines.join('\n')}\n`]), env }),
  };
};
