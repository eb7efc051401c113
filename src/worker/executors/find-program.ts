import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Our own environment, as far as a job may see it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file that a program's name stands for: with a slash, relative to the folder of the configuration; without one,
 * found on our PATH. The same answer serves the fingerprint and the start, so what was approved is what runs.
 */
export const findProgram = async (
  name: string,
  baseDir: string,
  environment: Environment,
): Promise<string | undefined> => {
  if (name.includes('/') || isAbsolute(name)) return resolve(baseDir, name);
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    // An empty or relative entry would let the current folder choose the program.
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
};

/** Where the process runs, and what the paths among its arguments are relative to. */
export const workingFolder = (cwd: string | undefined, baseDir: string): string =>
  resolve(baseDir, cwd ?? '.');

const isExecutable = async (file: string): Promise<boolean> => {
  const allowed = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  return allowed && (await stat(file)).isFile();
};
