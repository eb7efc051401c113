import { chmod, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { judgeClock } from '../../src/cli/doctor/check-database.ts';
import { judgeGuards } from '../../src/cli/doctor/check-history.ts';
import { existing, judgeDisk } from '../../src/cli/doctor/check-host.ts';
import { atLeast, bad, ok, warning } from '../../src/cli/doctor/finding.ts';
import { checksFailed, isSick, sayFindings } from '../../src/cli/doctor/say.ts';
import { checkModes, checkRoom, judgeRoom } from '../../src/cli/preflight/check-room.ts';
import { judgeSchema } from '../../src/cli/preflight/check-schema.ts';
import { judgeBackup } from '../../src/cli/preflight/judge-backup.ts';
import { createVoice } from '../../src/cli/voice/voice.ts';
import { OPS_LIMITS } from '../../src/core/text/ops/ops-limits.ts';
import { noon } from '../cast.ts';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-findings-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
};

describe('a version is new enough', () => {
  const part = fc.integer({ min: 0, max: 120 });

  test('exactly if no part before the first larger one is smaller', () => {
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (found, min) => {
        const weightOf = ([major, minor, patch]: readonly [number, number, number]): number =>
          (major * 1000 + minor) * 1000 + patch;
        expect(atLeast(found.join('.'), min.join('.'))).toBe(weightOf(found) >= weightOf(min));
      }),
    );
  });

  test.each([
    ['22.18.0', '22.18', true],
    ['22.9.0', '22.18', false],
    ['22', '22.18', false],
    ['22', '22.0', true],
    ['100.0.0', '22.18', true],
    ['3.51.3', '3.51.3', true],
    ['3.51.3-beta', '3.51.3', false],
    ['', '22.18', false],
    ['nightly', '22.18', false],
  ])('%s against %s: %s', (found, min, expected) => expect(atLeast(found, min)).toBe(expected));
});

describe('findings', () => {
  const lines = (json = false) => {
    const out: string[] = [];
    const sink = { write: (text: string) => out.push(text) };
    return {
      out,
      voice: createVoice({ stdout: sink, stderr: sink, env: {} }, { json, color: true, quiet: false }),
    };
  };

  test('are one line each, whatever a provider said, with what to do about it', () => {
    const { out, voice } = lines();
    sayFindings(voice, [
      ok('port', '5048 is free'),
      warning('telegram', 'not reached (Connection\nrefused\u001b[2J)', 'look\tat it'),
      bad('config', 'textops.yaml:1:1 jbos: unknown key', 'correct it'),
    ]);
    expect(out).toEqual([
      '✔ port: 5048 is free\n',
      '⚠ telegram: not reached (Connection refused\u{FFFD}[2J) → look at it\n',
      '✖ config: textops.yaml:1:1 jbos: unknown key → correct it\n',
    ]);
  });

  test('are sick from the first bad one on; several of one check are one', () => {
    const one = bad('config', 'one', 'x');
    const two = bad('config', 'two', 'x');
    const fine = [ok('node', 'x'), warning('disk', 'x', 'x'), ok('port', 'x')];
    expect(isSick(fine)).toBe(false);
    expect(isSick([...fine, one])).toBe(true);
    expect(checksFailed([...fine, one, two])).toBe('1 of 4 checks failed.');
    // A check that found something good as well has failed all the same.
    expect(checksFailed([ok('config', 'three'), one, bad('port', 'taken', 'x')])).toBe(
      '2 of 2 checks failed.',
    );
  });
});

describe('the clock of the database', () => {
  test('agrees with ours wherever it could have been read, and two seconds around', () => {
    const ms = fc.integer({ min: 0, max: 60_000 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: -60_000, max: 120_000 }), (before, took, there) => {
        const after = before + took;
        const off = Math.max(before - there, there - after, 0);
        const found = judgeClock(noon + there, noon + before, noon + after);
        expect(found.state).toBe(off > 2000 ? 'bad' : 'ok');
      }),
    );
  });

  test.each([
    [noon - 2000, 'ok'],
    [noon - 2001, 'bad'],
    [noon + 100 + 2000, 'ok'],
    [noon + 100 + 2001, 'bad'],
  ])('at %i is %s', (there, state) => expect(judgeClock(there, noon, noon + 100).state).toBe(state));

  test('is said to be behind or ahead by as much as it surely is', () => {
    expect(judgeClock(noon - 3500, noon, noon + 9000).words).toBe(
      'the database is 3.50 s behind this machine',
    );
    expect(judgeClock(noon + 12_000, noon, noon + 9000).words).toBe(
      'the database is 3.00 s ahead of this machine',
    );
  });
});

describe('the disk', () => {
  test.each([
    [0, 'bad', '0 MB free at /data'],
    [199, 'bad', '199 MB free at /data'],
    [200, 'warning', '200 MB free at /data'],
    [OPS_LIMITS.freeMb - 1, 'warning', `${OPS_LIMITS.freeMb - 1} MB free at /data`],
    [OPS_LIMITS.freeMb, 'ok', `${OPS_LIMITS.freeMb} MB free at /data`],
    [9_999, 'ok', '9999 MB free at /data'],
    [10_000, 'ok', '10 GB free at /data'],
    [10_999, 'ok', '10 GB free at /data'],
  ])('with %i MB is %s', (freeMb, state, words) =>
    expect(judgeDisk(freeMb, '/data')).toMatchObject({ state, words }),
  );

  test('has to have room for two databases, and never less than a little', async () => {
    expect(judgeRoom(400, 400, '/data').state).toBe('ok');
    expect(judgeRoom(399, 400, '/data').state).toBe('bad');
    const place = await folder();
    const file = join(place, 'textops.db');
    const needs = async () => (await checkRoom({ dialect: 'sqlite', file }, '/'))[0]?.words;
    expect(await needs()).toContain('(needs 200 MB, twice the database)');
    // As large as it looks, without taking that room.
    await writeFile(file, '');
    await truncate(file, 150_000_000);
    expect(await needs()).toContain('(needs 300 MB, twice the database)');
  });

  test('is that of the nearest folder that is there, or of the command', async () => {
    const place = await folder();
    expect(existing(join(place, 'a', 'b', 'c'), '/x')).toBe(place);
    expect(existing(place, '/x')).toBe(place);
    expect(existing('/', '/x')).toBe('/');
    expect(existing('not/here/at/all', '/x')).toBe('.');
  });

  test('is tried out by writing, and nothing is left of that', async () => {
    const place = await folder();
    const database = { dialect: 'sqlite', file: join(place, 'data', 'textops.db') } as const;
    const [, writable] = await checkRoom(database, '/');
    expect(writable).toEqual(ok('folder', `${place} can be written to`));
    expect(await readdir(place)).toEqual([]);
  });
});

describe('a file of secrets', () => {
  test.each([
    [0o600, 'ok'],
    [0o400, 'ok'],
    [0o700, 'ok'],
    [0o640, 'warning'],
    [0o604, 'warning'],
    [0o610, 'warning'],
    [0o602, 'warning'],
    [0o666, 'warning'],
  ])('with mode %o is %s', async (mode, state) => {
    const file = join(await folder(), '.env');
    await writeFile(file, 'A=1');
    await chmod(file, mode);
    expect((await checkModes([file, join(file, 'nowhere')])).map((one) => one.state)).toEqual([state]);
  });

  test('that is not there is nothing to say anything about; of several each open one is named', async () => {
    const place = await folder();
    const [env, key, other] = ['.env', 'seal.key', 'other'].map((name) => join(place, name)) as [
      string,
      string,
      string,
    ];
    expect(await checkModes([env, key])).toEqual([]);
    for (const file of [env, key, other]) await writeFile(file, 'x', { mode: 0o600 });
    expect(await checkModes([env, key])).toEqual([ok('secrets', '2 files, for their owner alone')]);
    await chmod(env, 0o644);
    await chmod(other, 0o660);
    expect((await checkModes([env, key, other])).map(({ cure }) => cure)).toEqual([
      `chmod 600 ${env}`,
      `chmod 600 ${other}`,
    ]);
  });
});

describe('who guards the history', () => {
  test.each([
    [{ missing: [] }, 'pg', 'ok', 'append-only, and our own role cannot change that'],
    [{ missing: [], editor: 'textops' }, 'pg', 'warning', 'append-only, but not for textops'],
    [
      { missing: [], editor: 'the owner of the file' },
      'sqlite',
      'ok',
      'append-only, but not for the owner of the file',
    ],
    [{ missing: ['a', 'b'] }, 'sqlite', 'bad', 'not append-only: a, b is missing'],
    [{ missing: ['a'], editor: 'textops' }, 'pg', 'bad', 'not append-only: a is missing'],
  ] as const)('%j on %s is %s', (guards, kind, state, words) =>
    expect(judgeGuards(guards, kind)).toMatchObject({ state, words }),
  );
});

test.each([
  [3, ['0003_a_expand', '0004_b'], 'warning', '3 → 5, 2 migrations; the release before does not know 0004_b'],
  [
    3,
    ['0003_a', '0004_b'],
    'warning',
    '3 → 5, 2 migrations; the release before does not know 0003_a, 0004_b',
  ],
  [3, ['0003_expand_a'], 'warning', '3 → 4, 1 migration; the release before does not know 0003_expand_a'],
  [3, ['0003_a_expand', '0004_b_expand'], 'ok', '3 → 5, 2 migrations, all of them only add'],
  [0, ['0000_a', '0001_b'], 'ok', '0 → 2, 2 migrations, all of them only add'],
])('after %i migrations %j are %s', (applied, pending, state, words) =>
  expect(judgeSchema(applied, pending)).toMatchObject({ state, words }),
);

test('a backup from the future is no older than now', () => {
  expect(judgeBackup(noon + 5000, noon)).toMatchObject({
    state: 'ok',
    words: 'the last one that was tried out is 0s old',
  });
});
