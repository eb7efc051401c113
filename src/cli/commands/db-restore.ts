import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { databaseName, databaseUrl } from '../../config/database-url.ts';
import type { DatabaseSettings } from '../../config/settings.ts';
import { freeze } from '../../core/flows/ops/freeze.ts';
import { migrateStore, migrationState } from '../../db/open.ts';
import { restorePg, tablesIn } from '../../db/pg/dump.ts';
import { copySqlite, isUnused, replaceSqlite } from '../../db/sqlite/copy.ts';
import { sealFileBeside } from '../../seals/key-file.ts';
import { carryOut } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { inWords } from '../database.ts';
import { soundContents } from '../db/backup.ts';
import { missingSeal } from '../doctor/check-history.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { speaker } from '../voice/speaker.ts';
import { Stop } from '../voice/stop.ts';
import { roomsOn } from '../with-rooms.ts';
import { orRefused } from './db-backup.ts';

export interface RestoreOptions {
  /** The name of the file once more: what is in the database now is not seen again. */
  readonly yes?: string;
}

/** `textops db restore FILE`: the database as it was, frozen until a person has looked at it. */
export const dbRestore = async (
  context: CliContext,
  given: string,
  { yes }: RestoreOptions,
): Promise<ExitCode> => {
  const { voice, io } = context;
  const { database } = context.settings();
  const file = resolve(io.cwd, given);
  if (!existsSync(file)) throw new Stop({ code: 'NOT_FOUND', message: `There is no file ${file}.` });
  const name = basename(file);
  if (yes !== name) throw unconfirmed(database, name);
  const restored = await orRefused(() =>
    database.dialect === 'sqlite'
      ? restoreFile(context, database.file, file)
      : restoreServer(context, database.url, file),
  );
  if (voice.json) voice.document('restore', { from: file, frozen: true, ...restored });
  else {
    voice.data(`${databaseName(database)} is as it was in ${name}, and frozen.`);
    if (restored.keptAs !== undefined) voice.talk(`What was there before is kept as ${restored.keptAs}.`);
    if (restored.sealsKeptAs !== undefined) {
      voice.talk(
        `The published seals went further than this backup; they are kept as ${restored.sealsKeptAs}.`,
      );
    }
    voice.talk('Start it, look at textops db check, and let it go on with textops unfreeze.');
  }
  return EXIT.done;
};

const unconfirmed = (database: DatabaseSettings, name: string): Stop =>
  new Stop({
    code: 'USAGE',
    message: `This puts ${name} in the place of ${databaseName(database)}. Nothing was changed.`,
    hint: `Say so once more: textops db restore … --yes ${name}`,
  });

interface Restored {
  readonly keptAs?: string;
  readonly sealsKeptAs?: string;
  readonly runs?: number;
}

/** Everything happens to a copy beside; at the end it takes the place of the database in one step. */
const restoreFile = async (context: CliContext, target: string, file: string): Promise<Restored> => {
  if (target === ':memory:') {
    throw new Stop({ code: 'REFUSED', message: 'DATABASE_URL is :memory:; there is nothing to restore to.' });
  }
  const { runs } = soundContents(file);
  assertUnused(target);
  const stamp = stampOf(context);
  const part = join(dirname(target), `.restoring-${stamp}.db`);
  try {
    await copySqlite(file, part);
    await freezeIt(context, { dialect: 'sqlite', file: part }, file);
    const keptAs = `${target}.before-restore-${stamp}Z`;
    const there = existsSync(target);
    replaceSqlite(target, part, keptAs);
    return { runs, ...(there ? { keptAs } : {}), ...(await setSealsAside(context)) };
  } finally {
    for (const ending of ['', '-wal', '-shm']) await rm(`${part}${ending}`, { force: true });
  }
};

/** A program that went on in the file that was replaced would go on in a file that nobody sees any more. */
const assertUnused = (target: string): void => {
  if (!existsSync(target) || isUnused(target)) return;
  throw new Stop({
    code: 'REFUSED',
    message: `Somebody works in ${target}. Nothing was changed.`,
    hint: 'Stop TextOps and its workers first.',
  });
};

/** On a server nothing can be put aside, so nothing is overwritten there: it takes a database that is empty. */
const restoreServer = async (context: CliContext, url: string, file: string): Promise<Restored> => {
  const database: DatabaseSettings = { dialect: 'pg', url };
  const { applied } = await inWords(database, () => migrationState(url));
  if (applied.length > 0) {
    throw new Stop({
      code: 'REFUSED',
      message: `${databaseName(database)} is not empty, and nothing in it is overwritten.`,
      hint: 'Make a new one (createdb), restore into it with --db, and point DATABASE_URL at it.',
    });
  }
  if (!(await tablesIn(file)).includes('runs')) {
    throw new Stop({ code: 'REFUSED', message: `${file} is not a backup of TextOps.` });
  }
  await restorePg(url, file);
  await freezeIt(context, database, file);
  return setSealsAside(context);
};

/**
 * Seals that go on where the database ends would keep everything from being sealed, as they should after a roll-back that
 * nobody meant. This one was meant: they are kept as evidence beside.
 */
const setSealsAside = async (context: CliContext): Promise<Pick<Restored, 'sealsKeptAs'>> => {
  const path = sealFileBeside(context.settings().sealKeyFile);
  if ((await context.withStore(({ history }) => missingSeal(history, path))) === undefined) return {};
  const sealsKeptAs = path.replace(/(\.log)?$/, `.before-restore-${stampOf(context)}Z$1`);
  await rename(path, sealsKeptAs);
  return { sealsKeptAs };
};

const stampOf = ({ io }: CliContext): string =>
  new Date(io.now()).toISOString().slice(0, 19).replaceAll(':', '');

/** Before anything can open it: what was decided since the backup is unknown to it, and may have happened. */
const freezeIt = async (context: CliContext, database: DatabaseSettings, from: string): Promise<void> => {
  await inWords(database, () => migrateStore(databaseUrl(database)));
  await roomsOn(context, database, async (rooms) => {
    const reason = `restored from ${basename(from)}; whatever happened since is not in it`;
    await carryOut(rooms.store, freeze(rooms, await speaker(rooms.store, undefined), reason));
  });
};
