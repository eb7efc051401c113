import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Misreading } from '../planting.ts';

/** A wrong rule, planted into the program as it is loaded. */
export interface Mutant extends Misreading {
  readonly name: string;
}

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a program of the test tree on a program of ours with that wrong rule. */
export const runWith = (
  mutant: Mutant,
  program: string,
  args: readonly string[],
  postgresUrl = '',
): Promise<Ended> =>
  new Promise((done) => {
    const env = {
      ...process.env,
      MUTANT: JSON.stringify(mutant),
      TEST_DATABASE_URL: postgresUrl,
      // It tells files apart by what they say, so what is planted is compiled anew.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/textops-tests'),
    };
    const plant = resolve(import.meta.dirname, 'plant.ts');
    const child = execFile(process.execPath, ['--import', plant, program, ...args], { env }, (_, out, err) =>
      done({ code: child.exitCode, said: `${out}\n${err}` }),
    );
  });
