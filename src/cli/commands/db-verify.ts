import { stat } from 'node:fs/promises';
import { parseDatabaseUrl } from '../../config/database-url.ts';
import type { DatabaseSettings } from '../../config/settings.ts';
import { verifyHistory } from '../../core/flows/history/verify-history.ts';
import type { Store } from '../../core/ports/store.ts';
import { isoOf } from '../../core/time/instant.ts';
import { noteVerifiedBackup } from '../../program/verified-backup.ts';
import { verifier } from '../../seals/ed25519.ts';
import { fromFolder } from '../configuration.ts';
import type { CliContext } from '../context.ts';
import { withDatabase } from '../database.ts';
import { type KnownSeals, knownSeals } from '../known-seals.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/**
 * `textops db verify DATABASE`: opens a copy as the program would, and verifies all of its history. Only then does the
 * moment that it shows count as that of the newest good backup.
 */
export const dbVerify = async (context: CliContext, copy: string): Promise<ExitCode> => {
  const { voice, settings, io } = context;
  const { database, sealKeyFile } = settings();
  const wanted = fromFolder(copyOf(copy), io.cwd);
  if (await isSame(wanted, database)) {
    const message = 'That is the database itself. Restore a backup somewhere else and name that.';
    throw new Stop({ code: 'REFUSED', message });
  }
  const known = await knownSeals({ cwd: io.cwd, sealKeyFile }, undefined);
  const found = await withDatabase(wanted, (store) => verified(store, known));
  if (found.fault === undefined) await noteVerifiedBackup(database, io.cwd, found.takenAt);
  const { events, chains, takenAt, fault } = found;
  const words = { ok: fault === undefined, events, chains, takenAt: isoOf(takenAt), fault: fault ?? null };
  if (voice.json) voice.document('backup', words);
  else {
    const whole = `ok: ${events} events in ${chains} chains, as of ${isoOf(takenAt)}`;
    voice.data(fault === undefined ? whole : `broken: ${fault}`);
  }
  return fault === undefined ? EXIT.done : EXIT.failed;
};

const copyOf = (url: string): DatabaseSettings => {
  const database = parseDatabaseUrl(url);
  if (database === undefined || (database.dialect === 'sqlite' && database.file === ':memory:')) {
    throw new Stop({ code: 'USAGE', message: 'A database is file:PATH or postgres://…' });
  }
  return database;
};

/** By whatever name: a database that counted as its own backup would be one that nobody has. */
const isSame = async (one: DatabaseSettings, other: DatabaseSettings): Promise<boolean> => {
  if (one.dialect === 'pg') return other.dialect === 'pg' && placeOf(one.url) === placeOf(other.url);
  if (other.dialect === 'pg') return false;
  const [a, b] = await Promise.all([one.file, other.file].map(inodeOf));
  return one.file === other.file || (a !== undefined && a === b);
};

const inodeOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );

/** Whoever is named there as well, it is the same server and database. */
const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
};

const verified = async (store: Store, known: KnownSeals) => {
  const takenAt = await takenAtOf(store);
  return { takenAt, ...(await verifiedHistory(store, known)) };
};

/** All of the history of a copy. */
export const verifiedHistory = async (store: Pick<Store, 'history' | 'runs'>, known: KnownSeals) => {
  const { newest } = await store.history.look('', 1);
  // Seals that were published after the copy was made are not missing from it.
  const published = new Map([...known.published].filter(([number]) => number <= (newest?.number ?? 0)));
  const { events, chains, fault } = await verifyHistory(store, { ...known, published, verifies: verifier() });
  return { events, chains, ...(fault === undefined ? {} : { fault: fault.words }) };
};

/** A copy shows its age by what it heard last; one that old never counts as new, however often it is looked at. */
const takenAtOf = async (store: Store): Promise<number> => {
  const beats = await store.heartbeats.list();
  const { newest } = await store.history.look('', 1);
  const heard = [...beats.map(({ beatAt }) => beatAt), ...(newest === undefined ? [] : [newest.at])];
  if (heard.length > 0) return Math.max(...heard);
  throw new Stop({
    code: 'FAILED',
    message: 'Nothing in that copy says how old it is: neither a heartbeat nor a seal.',
  });
};
