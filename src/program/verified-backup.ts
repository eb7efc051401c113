import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { DatabaseSettings } from '../config/settings.ts';

const Verified = z.object({ at: z.iso.datetime() });

/** Beside the database, or where the program writes when that is somewhere else. */
const fileOf = (database: DatabaseSettings, cwd: string): string =>
  join(database.dialect === 'sqlite' ? dirname(database.file) : join(cwd, 'data'), 'backup-verified.json');

/** When a backup was last restored for trial and found whole; undefined when none ever was. */
export const backupVerifiedAt = async (
  database: DatabaseSettings,
  cwd: string,
): Promise<number | undefined> => {
  try {
    const { at } = Verified.parse(JSON.parse(await readFile(fileOf(database, cwd), 'utf8')));
    return Date.parse(at);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written whole or not at all. */
export const noteVerifiedBackup = async (
  database: DatabaseSettings,
  cwd: string,
  at: number,
): Promise<void> => {
  const file = fileOf(database, cwd);
  await writeFile(`${file}.new`, `${JSON.stringify({ at: new Date(at).toISOString() })}\n`);
  await rename(`${file}.new`, file);
};
