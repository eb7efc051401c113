import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { StoreFault } from '../../src/db/fault.ts';
import { openStore } from '../../src/db/open.ts';
import { connectSqlite, openSqliteAs } from '../../src/db/sqlite/connect.ts';
import { act, enqueue, entry, nothing, request, run } from '../contracts/given.ts';
import { type FreshDatabase, freshPostgresDatabase } from '../setup/fresh-database.ts';

describe('PostgreSQL', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshPostgresDatabase(inject('postgresUrl'));
  });
  afterAll(() => database.drop());

  test('another process is woken by what this one committed', async () => {
    const [one, two] = await Promise.all([
      openStore({ url: database.url }),
      openStore({ url: database.url }),
    ]);
    const woken: string[] = [];
    two.onWake((what) => woken.push(what));
    const bridge = {
      kind: 'gate',
      name: 'queue.notify.bridge_enabled',
      open: true,
      by: 'user:cli:local',
    } as const;
    await one.runs.commit([{ ...nothing, upkeep: [bridge], at: 1 }]);
    let commits = 0;
    const times = (what: string): number => woken.filter((each) => each === what).length;
    await vi.waitFor(
      async () => {
        commits += 1;
        await one.runs.commit([enqueue(entry(`Q${commits}`))]);
        // Whoever begins to listen is woken once for everything; more than that came from the other one.
        expect(times('queue')).toBeGreaterThan(times('inbox'));
      },
      { timeout: 4_000 },
    );
    await Promise.all([one.close(), two.close()]);
  });
});

describe('SQLite', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'textops-faults-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a file that another process holds for a moment is waited for', async () => {
    const url = `file:${join(folder, 'held.db')}`;
    const store = await openStore({ url });
    const holder = await connectSqlite(url);
    holder.exec('begin immediate');
    const commit = act(store, 'R1', request('R1'));
    setTimeout(() => {
      holder.exec('commit');
      holder.close();
    }, 200);
    expect(await commit).toBe('committed');
    await store.close();
  });

  test('a file that stays locked is reported as busy, and nothing was written', async () => {
    const url = `file:${join(folder, 'locked.db')}`;
    const store = await openStore({ url });
    const holder = await connectSqlite(url);
    holder.exec('begin immediate');
    const failure = await act(store, 'R1', request('R1')).catch((error: unknown) => error);
    holder.exec('rollback');
    holder.close();
    expect(failure).toBeInstanceOf(StoreFault);
    expect(failure).toMatchObject({ fault: 'busy' });
    expect(await run(store, 'R1')).toBeUndefined();
    await store.close();
  }, 20_000);

  test('a connection on which a setting does not read back is refused', () => {
    // A file without a name, which SQLite keeps in its old journal and says nothing.
    expect(() => openSqliteAs('')).toThrow('SQLite has journal_mode = delete, wanted wal.');
  });

  test('a file that cannot be switched to WAL is refused, and stays as it was', async () => {
    const file = join(folder, 'later.db');
    new Database(file).exec('create table kept (word text)').close();
    const bytes = await readFile(file);
    // Its header says that only a later SQLite may write to it.
    bytes[18] = 3;
    await writeFile(file, bytes);
    await expect(openStore({ url: `file:${file}` })).rejects.toThrow(/attempt to write a readonly database/);
    expect(await readFile(file)).toEqual(bytes);
  });

  test('a file beside which the shared memory of WAL cannot be had is refused', async () => {
    const file = join(folder, 'crowded.db');
    await mkdir(`${file}-shm`);
    await expect(openStore({ url: `file:${file}` })).rejects.toThrow(StoreFault);
  });
});

test('a database that the server does not have is a fault of the store, not of the program', async () => {
  const url = new URL(inject('postgresUrl'));
  url.pathname = '/textops_nowhere';
  for (const migrate of [true, false]) {
    const error: unknown = await openStore({ url: url.href, migrate }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreFault);
    expect(error).toMatchObject({ message: expect.stringContaining('"textops_nowhere" does not exist') });
  }
});
