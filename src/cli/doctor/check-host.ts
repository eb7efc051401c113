import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSettings } from '../../config/settings.ts';
import { OPS_LIMITS } from '../../core/text/ops/ops-limits.ts';
import { atLeast, bad, type Finding, ok, warning } from './finding.ts';

export const NODE_MIN = '22.18';
/** Older ones can corrupt a WAL that several processes write to. */
export const SQLITE_MIN = '3.51.3';

export const checkNode = (found: string): Finding =>
  atLeast(found, NODE_MIN)
    ? ok('node', `${found} (needs ${NODE_MIN} or newer)`)
    : bad('node', `${found} is too old`, `install Node ${NODE_MIN} or newer`);

export const checkSqlite = async (load: () => Promise<string>): Promise<Finding> => {
  try {
    const found = await load();
    return atLeast(found, SQLITE_MIN)
      ? ok('sqlite module', `SQLite ${found}`)
      : bad('sqlite module', `SQLite ${found} is older than ${SQLITE_MIN}`, 'run npm ci');
  } catch (error) {
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return bad('sqlite module', `does not load: ${words}`, 'run npm ci with the Node that runs TextOps');
  }
};

const FREE_MB_MIN = 200;

export const checkDisk = async (database: DatabaseSettings, cwd: string): Promise<Finding> =>
  judgeDisk(await freeMbAt(database, cwd), folderOf(database, cwd));

/** Where the database lies, or would lie. */
const folderOf = (database: DatabaseSettings, cwd: string): string =>
  existing(database.dialect === 'sqlite' ? dirname(database.file) : cwd, cwd);

export const freeMbAt = async (database: DatabaseSettings, cwd: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folderOf(database, cwd));
  return Math.floor((bavail * bsize) / 1_000_000);
};

export const judgeDisk = (freeMb: number, folder: string): Finding => {
  const words = `${freeMb >= 10_000 ? `${Math.floor(freeMb / 1000)} GB` : `${freeMb} MB`} free at ${folder}`;
  if (freeMb < FREE_MB_MIN) return bad('disk', words, 'make room: a full disk stops every commit');
  return freeMb < OPS_LIMITS.freeMb ? warning('disk', words, 'make room soon') : ok('disk', words);
};

/** The folder, or the nearest one above it that is there. */
export const existing = (folder: string, fallback: string): string => {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at)) return at;
    if (at === dirname(at)) return fallback;
  }
};
