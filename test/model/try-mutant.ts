// Plants wrong rules one after the other and lets the search look for each: `npm run model:mutants`.
import { resolve } from 'node:path';
import { runWith } from '../setup/mutant.ts';
import { type Hidden, mutants } from './mutants.ts';

export interface Verdict {
  readonly found: boolean;
  /** The first line about it, or all that was said when there was none. */
  readonly words: string;
}

/** Starts the search on a program with this wrong rule, as somebody would who does not know of it. */
export const tryMutant = async (hidden: Hidden, postgresUrl = ''): Promise<Verdict> => {
  const { on = 'sqlite' } = hidden;
  const search = ['--runs', '600', '--seed', '1', '--shrink', 'no', '--on', on];
  const { code, said } = await runWith(hidden, resolve(import.meta.dirname, 'long.ts'), search, postgresUrl);
  const words = said.split('\n').find((line) => /^(?:kept: |after \d+ histories; )/.test(line));
  return { found: code === 1 && words !== undefined, words: words ?? said };
};

const tryAll = async (): Promise<void> => {
  let survivors = 0;
  for (const hidden of mutants) {
    const { found, words } = await tryMutant(hidden);
    if (!found) survivors += 1;
    process.stdout.write(`${found ? 'found   ' : 'SURVIVED'}  ${hidden.name}\n          ${words}\n`);
  }
  process.stdout.write(`${mutants.length - survivors} of ${mutants.length} wrong rules were found\n`);
  if (survivors > 0) process.exitCode = 1;
};

if (import.meta.main) await tryAll();
