import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ownerOf } from './owner.ts';
import type { Place } from './place.ts';

export interface Said {
  readonly code: number;
  /** Everything, without empty lines. */
  readonly lines: readonly string[];
  readonly stdout: string;
}

/** A command of that release, in the folder where it would run, as whoever it would run as. */
export const ofRelease = (
  { releases, shared }: Pick<Place, 'releases' | 'shared'>,
  id: string,
  args: readonly string[],
): Promise<Said> =>
  new Promise((resolve) => {
    const entry = join(releases, id, 'bin', 'textops.js');
    execFile(
      process.execPath,
      [entry, ...args],
      { cwd: shared, ...ownerOf(shared) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
        resolve({ code, lines, stdout });
      },
    );
  });
