import { readFile } from 'node:fs/promises';
import { readMigrations } from '../db/migrations.ts';
import { ownFolder, readManifest } from './release/manifest.ts';

export const packageVersion = async (): Promise<string> => {
  // From src/cli and from dist/cli the package begins two folders up.
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string }; // our own file
  return version;
};

/** The commit of the release or clone that this is, in twelve digits; `unknown` where it is neither. */
export const commitHere = async (): Promise<string> => {
  const release = await readManifest(ownFolder());
  if (release !== undefined) return release.commit.slice(0, 12);
  const git = new URL('../../.git/', import.meta.url);
  const read = async (path: string): Promise<string> => (await readFile(new URL(path, git), 'utf8')).trim();
  try {
    const head = await read('HEAD');
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    const commit = ref === undefined ? head : await read(ref).catch(() => packed(read, ref));
    return /^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 12) : 'unknown';
  } catch {
    // A package has none, and a link to somebody else's is not worth following.
    return 'unknown';
  }
};

const packed = async (read: (path: string) => Promise<string>, ref: string): Promise<string> => {
  const lines = (await read('packed-refs')).split('\n');
  return lines.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0] ?? '';
};

/** Loads the native module, which is the part that a wrong installation breaks. */
export const sqliteVersion = async (): Promise<string> => {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  try {
    return String(db.prepare('select sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
};

export const migrationCount = async (dialect: 'sqlite' | 'pg'): Promise<number> =>
  (await readMigrations(dialect)).length;
