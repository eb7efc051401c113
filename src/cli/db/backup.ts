import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSettings } from '../../config/settings.ts';
import { openStore } from '../../db/open.ts';
import { dumpPg, tablesIn } from '../../db/pg/dump.ts';
import { contentsOf, copySqlite } from '../../db/sqlite/copy.ts';
import { verifiedHistory } from '../commands/db-verify.ts';
import type { KnownSeals } from '../known-seals.ts';
import { Stop } from '../voice/stop.ts';
import { expendable, type Kept } from './retention.ts';

/** What a backup was found to hold when it was tried out. */
export type Tried =
  | { readonly kind: 'restored'; readonly schema: string; readonly runs: number; readonly events: number }
  /** Its list of contents was read; only a restore into another database would show more. */
  | { readonly kind: 'listed'; readonly tables: number };

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly tried?: Tried;
}

/** Where backups lie unless somebody says otherwise: beside the database, or beside the seals of one on a server. */
export const backupFolder = (database: DatabaseSettings, sealKeyFile: string): string =>
  join(dirname(database.dialect === 'sqlite' ? database.file : sealKeyFile), 'backups');

/** One consistent copy under a name that says when. It gets this name only when it is whole. */
export const backUp = async (
  database: DatabaseSettings,
  p: {
    readonly folder: string;
    readonly now: number;
    /** Present when it is to be tried out as well: the seals that are known. */
    readonly seals?: KnownSeals;
  },
): Promise<Backup> => {
  const file = join(p.folder, backupName(p.now, database.dialect === 'sqlite' ? 'db' : 'dump'));
  if (existsSync(file)) throw new Stop({ code: 'REFUSED', message: `${file} is there already.` });
  await mkdir(p.folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Stop({ code: 'FAILED', message: `${p.folder} cannot be made (${code}).` }, error);
  });
  const part = `${file}.part`;
  await rm(part, { force: true });
  try {
    await (database.dialect === 'sqlite' ? copySqlite(database.file, part) : dumpPg(database.url, part));
    await chmod(part, 0o600);
    const tried = p.seals === undefined ? undefined : await tryOut(part, database.dialect, p.seals);
    await rename(part, file);
    return { file, bytes: (await stat(file)).size, ...(tried === undefined ? {} : { tried }) };
  } finally {
    await rm(part, { force: true });
  }
};

/** Restores it beside everything, as far as that is possible, and looks at what came of it. */
const tryOut = async (file: string, dialect: 'sqlite' | 'pg', seals: KnownSeals): Promise<Tried> => {
  if (dialect === 'pg') {
    const tables = await tablesIn(file);
    if (tables.includes('runs')) return { kind: 'listed', tables: tables.length };
    throw new Stop({ code: 'FAILED', message: 'The dump has no runs in it; it is not kept.' });
  }
  const contents = soundContents(file);
  // This program has to be able to open it: a copy of the copy, because opening one migrates it.
  const folder = await mkdtemp(join(dirname(file), '.try-'));
  try {
    const copy = join(folder, 'copy.db');
    await copySqlite(file, copy);
    const fault = await faultIn(copy, seals);
    if (fault !== undefined)
      throw new Stop({ code: 'FAILED', message: `The history in the copy is broken: ${fault}` });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { kind: 'restored', ...contents };
};

const faultIn = async (file: string, seals: KnownSeals): Promise<string | undefined> => {
  const store = await openStore({ url: `file:${file}` });
  try {
    return (await verifiedHistory(store, seals)).fault;
  } finally {
    await store.close();
  }
};

/** Of a file that is whole and one of ours; anything else is refused in one sentence. */
export const soundContents = (file: string) => {
  const { faults, schema, runs, events } = readContents(file);
  if (faults[0] !== undefined) {
    throw new Stop({
      code: 'FAILED',
      message: `${file} is damaged: ${faults[0]}`,
      lines: faults.slice(0, 10),
    });
  }
  if (schema === undefined) {
    throw new Stop({ code: 'REFUSED', message: `${file} is not a database of TextOps.` });
  }
  return { schema, runs, events };
};

const readContents = (file: string) => {
  try {
    return contentsOf(file);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Stop({ code: 'REFUSED', message: `${file} cannot be read as a backup: ${words}` }, error);
  }
};

const STAMP = /^textops-(\d{4}-\d{2}-\d{2}T\d{2})(\d{2})(\d{2})Z\.(db|dump)$/;

const backupName = (at: number, ending: string): string =>
  `textops-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z.${ending}`;

/** Those that this program made, by their names; nothing else in the folder is looked at. */
export const backupsIn = async (folder: string): Promise<readonly Kept[]> => {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.flatMap((name) => {
    const [, hour, minute, second, ending = ''] = STAMP.exec(name) ?? [];
    const at = Date.parse(`${hour}:${minute}:${second}Z`);
    // A day that there is not was not written by us.
    return Number.isNaN(at) || backupName(at, ending) !== name ? [] : [{ name, at }];
  });
};

/** Takes away what seven days and four weeks do not need, and names it. */
export const pruneBackups = async (folder: string): Promise<readonly string[]> => {
  const names = expendable(await backupsIn(folder));
  for (const name of names) await rm(join(folder, name));
  return names;
};
