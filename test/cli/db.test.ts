import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { judgeBackup } from '../../src/cli/preflight/judge-backup.ts';
import { openStore } from '../../src/db/open.ts';
import { backupVerifiedAt } from '../../src/program/verified-backup.ts';
import { act, approve, claimRuns, enqueue, entry, request } from '../contracts/given.ts';
import { cliBench, databaseFile } from './cli-bench.ts';
import { published, sealedBench } from './sealed-bench.ts';

const NOW = Date.UTC(2026, 10, 20, 2, 0, 0);

/** An installation with one run that waits for a decision. */
const house = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    await act(store, 'FIRST1', request('FIRST1', { at: await store.now() }));
  });
  const file = databaseFile(bench.cwd);
  const backup = async (...more: readonly string[]) => {
    const answered = await bench.run(['db', 'backup', ...more], { now: () => NOW });
    return { ...answered, made: answered.out.trim() };
  };
  return { ...bench, file, backup, folder: join(bench.cwd, 'data', 'backups') };
};

const runsIn = async (file: string): Promise<readonly string[]> => {
  const store = await openStore({ url: `file:${file}` });
  try {
    return (await store.runs.list({ limit: 10 })).runs.map(({ state }) => state.runId);
  } finally {
    await store.close();
  }
};

describe('textops db backup', () => {
  test('makes one file that is the database as it was, for its owner alone', async () => {
    const { backup, folder, inStore, file } = await house();
    const { code, made, err } = await backup('--verify');
    expect({ code, made }).toEqual({ code: 0, made: join(folder, 'textops-2026-11-20T020000Z.db') });
    expect(err).toMatch(/^Restored beside, opened and verified: 1 runs, 2 events, schema \d{4}_/);
    await inStore(async (store) => {
      await act(store, 'LATER1', request('LATER1', { at: await store.now() }));
    });
    expect(await runsIn(made)).toEqual(['FIRST1']);
    expect(await runsIn(file)).toEqual(['LATER1', 'FIRST1']);
    expect((await stat(made)).mode & 0o777).toBe(0o600);
    // Nothing is left of the trial.
    expect((await readdir(folder)).filter((name) => !/-(?:wal|shm)$/.test(name)).toSorted()).toEqual([
      'textops-2026-11-20T020000Z.db',
    ]);
  });

  test('counts as one only when it was tried out', async () => {
    const { backup, folder, file, cwd } = await house();
    expect((await backup()).err).toBe('Not tried out; --verify does.\n');
    const own = { dialect: 'sqlite', file } as const;
    expect(await backupVerifiedAt(own, cwd)).toBeUndefined();
    expect(judgeBackup(undefined, NOW)).toMatchObject({ state: 'warning' });
    await rename(join(folder, 'textops-2026-11-20T020000Z.db'), join(folder, 'elsewhere.db'));
    await backup('--verify');
    const at = await backupVerifiedAt(own, cwd);
    expect(at).toBe(NOW);
    expect(judgeBackup(at, NOW + 26 * 3_600_000)).toMatchObject({ state: 'ok' });
    expect(judgeBackup(at, NOW + 26 * 3_600_000 + 1)).toMatchObject({ state: 'warning' });
  });

  test('is made while somebody writes', async () => {
    const { backup, inStore } = await house();
    await inStore(async (store) => {
      const { code, made } = await backup('--verify');
      await act(store, 'LATER1', request('LATER1', { at: await store.now() }));
      expect(code).toBe(0);
      expect(await runsIn(made)).toEqual(['FIRST1']);
    });
  });

  test('never replaces another one, and prunes only what this program made', async () => {
    const { backup, run, folder } = await house();
    await backup();
    expect(await backup()).toMatchObject({ code: 4, err: expect.stringContaining('is there already') });
    await writeFile(join(folder, 'textops-mine.db'), 'keep me');
    for (const hour of [3, 4]) {
      const at = NOW + hour * 3_600_000;
      const { err } = await run(['db', 'backup', '--prune'], { now: () => at });
      expect(err).toContain('Removed textops-2026-11-20T0');
    }
    expect((await readdir(folder)).toSorted()).toEqual(['textops-2026-11-20T060000Z.db', 'textops-mine.db']);
  });

  test('of nothing is refused, and leaves nothing behind', async () => {
    const { run, cwd } = await cliBench();
    expect(await run(['db', 'backup'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no database'),
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('textops db restore', () => {
  test('brings back what was, keeps what there is, and is frozen', async () => {
    const { backup, inStore, run, textops, file } = await house();
    const { made } = await backup();
    await inStore(async (store) => {
      await act(store, 'LATER1', request('LATER1', { at: await store.now() }));
    });
    const back = await run(['db', 'restore', made, '--yes', basename(made)], { now: () => NOW + 1000 });
    expect(back).toMatchObject({
      code: 0,
      out: `${file} is as it was in ${basename(made)}, and frozen.\n`,
    });
    expect(await runsIn(file)).toEqual(['FIRST1']);
    const kept = /kept as (\S+)\.\n/.exec(back.err)?.[1] ?? '';
    expect(kept).toBe(`${file}.before-restore-2026-11-20T020001Z`);
    expect(await runsIn(kept)).toEqual(['LATER1', 'FIRST1']);
    const board = await textops('ops');
    expect(board.out).toContain('frozen');
    expect((await textops('db', 'check')).out).toContain(`restored from ${basename(made)}`);
    expect((await textops('audit', 'verify')).code).toBe(0);
  });

  test('nothing is decided or started in it until a person unfreezes it', async () => {
    const { backup, inStore, run, textops } = await house();
    await inStore(async (store) => {
      await act(store, 'READY1', request('READY1', { at: await store.now() }));
      await act(store, 'READY1', approve(await store.now()));
      await store.runs.commit([enqueue(entry('READY1', { notBefore: 0 }))]);
    });
    const { made } = await backup();
    await run(['db', 'restore', made, '--yes', basename(made)]);
    await inStore(async (store) => {
      expect(await claimRuns(store, 10, await store.now())).toEqual([]);
      expect(await store.freeze.current()).toMatchObject({
        by: 'the command line',
        reason: expect.stringContaining('restored from textops-2026-11-20T020000Z.db'),
      });
    });
    const look = await textops('db', 'check');
    expect(look).toMatchObject({ code: 0 });
    expect(look.out).toContain('⚠ run: READY1 (backup) is Dispatching');
    expect(await textops('unfreeze')).toMatchObject({ code: 0 });
    await inStore(async (store) => {
      expect(await claimRuns(store, 10, await store.now())).toMatchObject([{ entry: { runId: 'READY1' } }]);
    });
  });

  test('sets seals aside that go further, so that sealing goes on', async () => {
    const bench = await sealedBench();
    const { run, textops, cwd } = bench;
    const { out } = await run(['db', 'backup']);
    const made = out.trim();
    const all = await readFile(published(cwd), 'utf8');
    // The newest seal was published after the backup, as far as this one knows.
    await writeFile(published(cwd), `${all}${all.trim().split('\n').at(-1)?.replace(/^\d+/, '9') ?? ''}\n`);
    expect((await textops('doctor')).out).toContain('names seal 9, which the database does not have');
    const back = await run(['db', 'restore', made, '--yes', basename(made)], { now: () => NOW });
    expect(back.err).toContain('seals.before-restore-2026-11-20T020000Z.log');
    expect((await textops('doctor')).out).toContain('✔ seals: ');
  });

  test('without the name once more changes nothing and says what it would do', async () => {
    const { backup, run, file } = await house();
    const { made } = await backup();
    const before = await readFile(file);
    for (const more of [[], ['--yes'], ['--yes', 'another.db'], ['--yes', made]]) {
      expect((await run(['db', 'restore', made, ...more])).code).toBe(2);
    }
    expect(await run(['db', 'restore', made])).toMatchObject({
      err: expect.stringContaining(`This puts ${basename(made)} in the place of ${file}.`),
    });
    expect(await readFile(file)).toEqual(before);
  });

  test('while somebody works in it is refused', async () => {
    const { backup, run, inStore, file, cwd } = await house();
    const { made } = await backup();
    await inStore(async () => {
      const answered = await run(['db', 'restore', made, '--yes', basename(made)]);
      expect(answered).toMatchObject({ code: 4, err: expect.stringContaining(`Somebody works in ${file}.`) });
    });
    expect((await readdir(join(cwd, 'data'))).filter((name) => name.includes('restor'))).toEqual([]);
  });

  test.each([
    ['is no database', () => Buffer.from('hello')],
    ['is cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['has a page of something else', (whole: Buffer) => Buffer.from(whole).fill(0x41, 8192, 12_288)],
    ['is empty', () => Buffer.alloc(0)],
  ])('from a file that %s changes nothing', async (_what, spoil) => {
    const { backup, run, file, cwd } = await house();
    const { made } = await backup();
    await writeFile(made, spoil(await readFile(made)));
    const { code, err } = await run(['db', 'restore', made, '--yes', basename(made)]);
    expect([1, 4]).toContain(code);
    expect(err.trim().split('\n').length).toBeLessThan(12);
    expect(err).not.toContain('    at ');
    expect(await runsIn(file)).toEqual(['FIRST1']);
    expect((await readdir(join(cwd, 'data'))).filter((name) => name.includes('restor'))).toEqual([]);
  });

  test('from a database of somebody else, or a file that is not there, changes nothing', async () => {
    const { run, cwd, file } = await house();
    const other = join(cwd, 'other.db');
    new Database(other).exec('create table notes (text)').close();
    expect(await run(['db', 'restore', other, '--yes', 'other.db'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('is not a database of TextOps'),
    });
    expect((await run(['db', 'restore', 'nowhere.db', '--yes', 'nowhere.db'])).code).toBe(3);
    expect(await runsIn(file)).toEqual(['FIRST1']);
  });
});

describe('textops db check', () => {
  test('finds what is whole, open and backed up', async () => {
    const { backup, run } = await house();
    await backup('--verify');
    const { code, out } = await run(['db', 'check'], { now: () => NOW + 60_000 });
    expect(code).toBe(0);
    expect(out).toContain('✔ integrity: 1 runs, 2 events');
    expect(out).toContain('✔ freeze: nothing is frozen');
    expect(out).toContain('✔ backup: the last one that was tried out is 1m old');
  });

  test('finds damage, with 1', async () => {
    const { run, file } = await house();
    const db = new Database(file);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const whole = await readFile(file);
    await writeFile(file, Buffer.from(whole).fill(0x41, whole.length - 4096));
    const { code, out } = await run(['db', 'check']);
    expect([code, out]).toEqual([1, expect.stringContaining('✖ integrity: ')]);
  });
});
