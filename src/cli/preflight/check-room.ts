import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSettings } from '../../config/settings.ts';
import { existing } from '../doctor/check-host.ts';
import { bad, type Finding, ok, warning } from '../doctor/finding.ts';

/** Room for a copy of the database and for one more, and the right to write there. */
export const checkRoom = async (database: DatabaseSettings, cwd: string): Promise<readonly Finding[]> => {
  const isFile = database.dialect === 'sqlite' && database.file !== ':memory:';
  const folder = existing(isFile ? dirname(database.file) : cwd, cwd);
  const { bavail, bsize } = await statfs(folder);
  const bytes = isFile && existsSync(database.file) ? (await stat(database.file)).size : 0;
  return [
    judgeRoom(megabytes(bavail * bsize), Math.max(ROOM_MB_MIN, 2 * megabytes(bytes)), folder),
    await writable(folder),
  ];
};

/** Less is trouble within a day, whatever the size of the database. */
const ROOM_MB_MIN = 200;

const megabytes = (bytes: number): number => Math.floor(bytes / 1_000_000);

export const judgeRoom = (freeMb: number, neededMb: number, folder: string): Finding => {
  const words = `${freeMb} MB free at ${folder} (needs ${neededMb} MB, twice the database)`;
  return freeMb < neededMb ? bad('disk', words, 'make room') : ok('disk', words);
};

/** Tried out, because rights, quotas and a file system that turned read-only look the same from outside. */
const writable = async (folder: string): Promise<Finding> => {
  try {
    const own = await mkdtemp(join(folder, '.preflight-'));
    await writeFile(join(own, 'written'), 'x');
    await rm(own, { recursive: true });
    return ok('folder', `${folder} can be written to`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return bad('folder', `${folder} cannot be written to (${code})`, `give it to whoever runs TextOps`);
  }
};

/** Files with secrets in them are for their owner alone. */
export const checkModes = async (files: readonly string[]): Promise<readonly Finding[]> => {
  // Windows knows no such bits.
  if (process.platform === 'win32') return [];
  const there = files.filter((file) => existsSync(file));
  const open: Finding[] = [];
  for (const file of there) {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) {
      open.push(warning('secrets', `${file} is open to others than its owner`, `chmod 600 ${file}`));
    }
  }
  return open.length > 0 || there.length === 0
    ? open
    : [ok('secrets', `${there.length} files, for their owner alone`)];
};
