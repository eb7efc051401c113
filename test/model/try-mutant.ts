// Plants wrong rules one after the other and lets the search look for each: `npm run model:mutants`.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { type Mutant, mutants } from './mutants.ts';

export interface Verdict {
  readonly found: boolean;
  /** The first line about it, or all that was said when there was none. */
  readonly words: string;
}

/** Starts the search on a program with this wrong rule, as somebody would who does not know of it. */
export const tryMutant = ({ name, on = 'sqlite' }: Mutant, postgresUrl = ''): Promise<Verdict> =>
  new Promise((done) => {
    const search = ['--runs', '600', '--seed', '1', '--shrink', 'no', '--on', on];
    const args = ['--import', resolve(here, 'plant.ts'), resolve(here, 'long.ts'), ...search];
    const env = { ...process.env, MODEL_MUTANT: name, TEST_DATABASE_URL: postgresUrl };
    const child = execFile(process.execPath, args, { env }, (_, out, err) => {
      const words = out.split('\n').find((line) => /^(?:kept: |after \d+ histories; )/.test(line));
      done({ found: child.exitCode === 1 && words !== undefined, words: words ?? `${out}\n${err}` });
    });
  });

const here = import.meta.dirname;

const tryAll = async (): Promise<void> => {
  let survivors = 0;
  for (const mutant of mutants) {
    const { found, words } = await tryMutant(mutant);
    if (!found) survivors += 1;
    process.stdout.write(`${found ? 'found   ' : 'SURVIVED'}  ${mutant.name}\n          ${words}\n`);
  }
  process.stdout.write(`${mutants.length - survivors} of ${mutants.length} wrong rules were found\n`);
  if (survivors > 0) process.exitCode = 1;
};

if (import.meta.main) await tryAll();
