import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { backupVerifiedAt } from '../../src/program/verified-backup.ts';
import { asks, backup, bob, says, starts, succeeds } from '../cast.ts';
import { cliBench, databaseFile, seedRun } from './cli-bench.ts';

const noon = Date.UTC(2026, 10, 21, 12, 0);

/** An installation that was heard at noon, and a copy of it. */
const copied = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    await seedRun(store, asks(), says.yes(bob), starts(), succeeds());
    await seedRun(store, asks(backup, { runId: 'Q2WXYZ' }));
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon - 5000 });
    await store.heartbeats.beat({ name: 'sender', kind: 'loop', slots: 0, at: noon });
  });
  const copy = join(bench.cwd, 'copy.db');
  await copyFile(databaseFile(bench.cwd), copy);
  const at = () => backupVerifiedAt({ dialect: 'sqlite', file: databaseFile(bench.cwd) }, bench.cwd);
  return { ...bench, copy, at };
};

describe('textops db verify', () => {
  test('finds a whole copy good, and remembers as of when it is', async () => {
    const { textops, copy, at } = await copied();
    expect(await at()).toBeUndefined();
    expect(await textops('db', 'verify', `file:${copy}`)).toEqual({
      code: 0,
      out: 'ok: 8 events in 2 chains, as of 2026-11-21T12:00:00.000Z\n',
      err: '',
    });
    expect(await at()).toBe(noon);
  });

  test('finds one bad that was changed, and remembers nothing', async () => {
    const { textops, copy, at } = await copied();
    const db = new Database(copy);
    for (const trigger of db.prepare("select name from sqlite_master where type = 'trigger'").pluck().all()) {
      db.exec(`drop trigger "${String(trigger)}"`);
    }
    db.prepare("update events set actor = 'user:dev:eve' where chain = 'K7M2QX' and seq = 3").run();
    db.close();
    const { code, out } = await textops('db', 'verify', `file:${copy}`);
    expect(code).toBe(1);
    expect(out).toMatch(/^broken: event 3 was changed/);
    expect(await at()).toBeUndefined();
  });

  test.each([
    ['the database itself', 4, /That is the database itself/, (cwd: string) => `file:${databaseFile(cwd)}`],
    ['a file that is not there', 1, /There is no database at/, () => 'file:/nowhere/copy.db'],
    ['something else', 2, /A database is file:PATH or postgres/, () => 'copy.db'],
  ])('refuses %s in a sentence', async (_what, code, words, url) => {
    const { textops, cwd, at } = await copied();
    const answer = await textops('db', 'verify', url(cwd));
    expect(answer.code).toBe(code);
    expect(answer.err).toMatch(words);
    expect(await at()).toBeUndefined();
  });

  test('a copy that does not say how old it is counts for nothing', async () => {
    const { textops, copy, inStore, cwd, at } = await copied();
    await inStore(async (store) => {
      await store.heartbeats.leave('w1');
      await store.heartbeats.leave('sender');
    });
    await rm(copy);
    await copyFile(databaseFile(cwd), copy);
    const answer = await textops('db', 'verify', `file:${copy}`);
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(/neither a heartbeat nor a seal/);
    expect(await at()).toBeUndefined();
  });

  test('what is remembered is one line of JSON beside the database', async () => {
    const { textops, copy, cwd } = await copied();
    await textops('db', 'verify', `file:${copy}`);
    expect(await readFile(join(cwd, 'data', 'backup-verified.json'), 'utf8')).toBe(
      '{"at":"2026-11-21T12:00:00.000Z"}\n',
    );
  });
});
