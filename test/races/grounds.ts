import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

/** A database that several processes can open, gone when the work on it is done. */
export type OnDatabase = <T>(work: (url: string) => Promise<T>) => Promise<T>;

export const onFile: OnDatabase = async (work) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-races-'));
  try {
    return await work(`file:${join(folder, 'textops.db')}`);
  } finally {
    await rm(folder, { recursive: true });
  }
};

export const onPostgres =
  (server: string): OnDatabase =>
  async (work) => {
    const database = await freshPostgresDatabase(server);
    try {
      return await work(database.url);
    } finally {
      await database.drop();
    }
  };
