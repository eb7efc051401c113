import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { Stop } from '../voice/stop.ts';

/** Packages are mostly text, and many small files take more than they hold. */
const UNPACKED = 8;

/** Before anything is written: a disk that fills up half-way takes the database of the program that runs with it. */
export const assertRoom = async (prefix: string, archive: string): Promise<void> => {
  // Whoever unpacks it says so.
  if (!existsSync(archive)) return;
  const { bavail, bsize } = await statfs(prefix);
  const lack = lackOfRoom(bavail * bsize, (await stat(archive)).size);
  if (lack === undefined) return;
  const message = `${lack} at ${prefix} for ${basename(archive)}; nothing was changed.`;
  throw new Stop({ code: 'REFUSED', message, hint: 'Make room; of the releases there, five are kept.' });
};

export const lackOfRoom = (freeBytes: number, archiveBytes: number): string | undefined => {
  const [free, needed] = [megabytes(freeBytes), megabytes(UNPACKED * archiveBytes)];
  return free < needed ? `${free} MB are free and ${needed} MB are needed` : undefined;
};

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000);
