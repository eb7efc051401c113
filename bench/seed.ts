import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Kind } from './seed-runs.ts';

const run = promisify(execFile);
const seeder = join(import.meta.dirname, 'seed-runs.ts');

/** In a process of its own; answers its milliseconds. */
export const seed = async (url: string, count: number, kind: Kind = 'past'): Promise<number> => {
  const { stdout } = await run(process.execPath, [seeder, url, String(count), kind]);
  return Number(stdout);
};
