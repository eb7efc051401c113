import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backupFolder, backupsIn, pruneBackups } from '../../src/cli/db/backup.ts';
import { expendable, type Kept } from '../../src/cli/db/retention.ts';
import { isoOf } from '../../src/core/time/instant.ts';

const DAY_MS = 86_400_000;
const noon = Date.UTC(2026, 10, 21, 12);

/** Made at so many hours before noon. */
const madeAgo = (hours: readonly number[]): readonly Kept[] =>
  hours.map((hour, index) => ({ name: `${index}`, at: noon - hour * 3_600_000 }));

/** Many in a few weeks, or a few in many; in any order. */
const backups = fc
  .oneof(
    fc.uniqueArray(fc.integer({ min: 0, max: 45 * 24 }), { minLength: 40, maxLength: 90 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 200 * 24 }), { maxLength: 30 }),
  )
  .map(madeAgo);

const stays = (all: readonly Kept[]): readonly Kept[] => {
  const gone = new Set(expendable(all));
  return all.filter(({ name }) => !gone.has(name));
};

const newestFirst = (all: readonly Kept[]): readonly Kept[] => all.toSorted((a, b) => b.at - a.at);

describe('of any backups', () => {
  test('the newest one stays, and never more than seven days and four weeks need', () => {
    fc.assert(
      fc.property(backups, (all) => {
        const kept = stays(all);
        expect(kept.length).toBeLessThanOrEqual(11);
        expect(newestFirst(kept)[0]?.at).toBe(newestFirst(all)[0]?.at);
      }),
    );
  });

  test('one stays exactly if it is the last of one of seven days, or of one of four weeks', () => {
    fc.assert(
      fc.property(backups, (all) => {
        const isLast = (at: number, periodMs: number, periodsMax: number): boolean => {
          const newer = all.filter((one) => one.at > at).map((one) => Math.floor(one.at / periodMs));
          return !newer.includes(Math.floor(at / periodMs)) && new Set(newer).size < periodsMax;
        };
        const needed = all.filter(({ at }) => isLast(at, DAY_MS, 7) || isLast(at, 7 * DAY_MS, 4));
        expect(stays(all)).toEqual(needed);
      }),
    );
  });

  test('what stays does not depend on the order in which a folder names them', () => {
    fc.assert(
      fc.property(backups, fc.infiniteStream(fc.integer()), (all, numbers) => {
        const mixed = all
          .map((one) => ({ one, by: numbers.next().value ?? 0 }))
          .toSorted((a, b) => a.by - b.by)
          .map(({ one }) => one);
        expect(new Set(expendable(mixed))).toEqual(new Set(expendable(all)));
      }),
    );
  });

  test('once pruned there is nothing more to prune', () => {
    fc.assert(
      fc.property(backups, (all) => {
        expect(expendable(stays(all))).toEqual([]);
      }),
    );
  });

  test('a night later at most the newest ones of a day and of a week have gone', () => {
    fc.assert(
      fc.property(backups, (all) => {
        const kept = stays(all);
        const next = [...kept, { name: 'tonight', at: noon + DAY_MS }];
        const gone = expendable(next);
        expect(gone).not.toContain('tonight');
        expect(gone.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

const folderOf = async (...names: readonly string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-backups-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) await writeFile(join(folder, name), name);
  return folder;
};

const OURS = 'textops-2026-11-20T020000Z.db';

describe('in a folder of backups', () => {
  test('the name says when each was made', async () => {
    const folder = await folderOf(OURS, 'textops-2024-02-29T235959Z.dump');
    const found = new Map((await backupsIn(folder)).map(({ name, at }) => [name, isoOf(at)]));
    expect(found).toEqual(
      new Map([
        [OURS, '2026-11-20T02:00:00.000Z'],
        ['textops-2024-02-29T235959Z.dump', '2024-02-29T23:59:59.000Z'],
      ]),
    );
  });

  test.each([
    'textops-2026-13-01T020000Z.db',
    'textops-2026-02-30T020000Z.db',
    'textops-2026-11-20T250000Z.db',
    'textops-2026-11-20T240000Z.db',
    'textops-2026-11-20T026000Z.db',
    'textops-2026-11-20T020000Z.db.part',
    'textops-2026-11-20T020000Z.db-wal',
    'textops-2026-11-20T020000Z.DB',
    'textops-2026-11-20T020000.db',
    'textops-2026-11-20T02:00:00Z.db',
    'my-textops-2026-11-20T020000Z.db',
    'textops-2026-11-20T020000Z.dump.gz',
  ])('%s was not made by this program, and does not count', async (name) => {
    expect(await backupsIn(await folderOf(name))).toEqual([]);
  });

  test('names of somebody else, however alike, neither go nor push out what should stay', async () => {
    const strange = Array.from({ length: 9 }, (_, at) => `textops-2026-99-0${at + 1}T020000Z.db`);
    const nights = Array.from({ length: 9 }, (_, at) => `textops-2026-11-1${at}T020000Z.db`);
    const folder = await folderOf(...strange, ...nights, 'notes.txt');
    const gone = await pruneBackups(folder);
    expect(gone).toEqual(['textops-2026-11-10T020000Z.db']);
    expect((await readdir(folder)).toSorted()).toEqual(
      ['notes.txt', ...strange, ...nights.filter((name) => !gone.includes(name))].toSorted(),
    );
  });

  test('that is not there, there are none', async () => {
    const folder = join(await folderOf(), 'later');
    expect(await backupsIn(folder)).toEqual([]);
    expect(await pruneBackups(folder)).toEqual([]);
    await mkdir(folder);
    expect(await pruneBackups(folder)).toEqual([]);
  });
});

test('backups lie beside the database, or beside the seals of one on a server', () => {
  expect(backupFolder({ dialect: 'sqlite', file: '/var/lib/textops/textops.db' }, '/etc/seal.key')).toBe(
    '/var/lib/textops/backups',
  );
  expect(backupFolder({ dialect: 'pg', url: 'postgres://db/ops' }, '/var/lib/textops/seal.key')).toBe(
    '/var/lib/textops/backups',
  );
});
