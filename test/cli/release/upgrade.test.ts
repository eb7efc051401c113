import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { placeAt } from '../../../src/cli/deploy/place.ts';
import { unpackRelease } from '../../../src/cli/release/unpack.ts';
import { isEnough, keysOf, type Release, upgradeLines, upgradeOf } from '../../../src/cli/release/upgrade.ts';
import { cliBench } from '../cli-bench.ts';
import { repository } from './repository.ts';

const before: Release = {
  name: '1.1.9 (f00ba12)',
  node: '>=22.18',
  migrations: ['0000_tables', '0001_more_expand'],
  keys: ['HTTP_PORT', 'OLD_TOKEN', 'jobs', 'jobs.NAME.retry'],
};
const after: Release = {
  name: '1.2.0 (a1b2c3d)',
  node: '>=24.2',
  migrations: ['0000_tables', '0001_more_expand', '0002_seals_expand', '0003_no_more'],
  keys: ['HTTP_PORT', 'NEW_TOKEN', 'jobs', 'jobs.NAME.attempts'],
};

describe('an upgrade', () => {
  test('is what comes, what goes, and what there is no way back from', () => {
    const upgrade = upgradeOf(before, after, '24.3.0');
    expect(upgrade).toEqual({
      from: '1.1.9 (f00ba12)',
      to: '1.2.0 (a1b2c3d)',
      migrations: [
        { name: '0002_seals_expand', contracts: false },
        { name: '0003_no_more', contracts: true },
      ],
      newKeys: ['NEW_TOKEN', 'jobs.NAME.attempts'],
      goneKeys: ['OLD_TOKEN', 'jobs.NAME.retry'],
      node: { needs: '>=24.2', here: '24.3.0', enough: true },
    });
    expect(upgradeLines(upgrade)).toEqual([
      'release     1.1.9 (f00ba12) → 1.2.0 (a1b2c3d)',
      'node        24.3.0 is here, >=24.2 is needed',
      'migrations  0002_seals_expand, 0003_no_more',
      '            the way back from 0003_no_more is textops db restore',
      'new keys    NEW_TOKEN, jobs.NAME.attempts',
      'gone keys   OLD_TOKEN, jobs.NAME.retry',
    ]);
  });

  test('to the same changes nothing, and a first one has nothing to compare', () => {
    expect(upgradeLines(upgradeOf(before, before, '24.0.0')).slice(2)).toEqual([
      'migrations  none',
      'new keys    none',
      'gone keys   none',
    ]);
    expect(upgradeLines(upgradeOf(undefined, after, '22.1.0'))).toEqual([
      'release     1.2.0 (a1b2c3d)',
      'node        ✖ 22.1.0 is here, >=24.2 is needed',
      'migrations  0000_tables, 0001_more_expand, 0002_seals_expand, 0003_no_more',
    ]);
  });
});

test.each([
  ['24.2.0', '>=24.2', true],
  ['24.10.0', '>=24.2', true],
  ['24.1.9', '>=24.2', false],
  ['25.0.0', '>=24.2', true],
  ['22.18.0', '>=22.18', true],
  ['22.18.0', '', true],
])('Node %s with a floor of %j: %s', (version, floor, enough) =>
  expect(isEnough(version, floor)).toBe(enough),
);

test('keys are read from a schema with names of one’s own as NAME', () => {
  const schema = {
    properties: {
      ops: { properties: { chat: { type: 'string' } } },
      jobs: { additionalProperties: { properties: { title: {}, env: { additionalProperties: false } } } },
    },
    additionalProperties: false,
  };
  expect(keysOf(schema)).toEqual(['ops', 'ops.chat', 'jobs', 'jobs.NAME.title', 'jobs.NAME.env']);
  expect(keysOf(undefined)).toEqual([]);
});

/** What `config schema` of a release says that knows these keys. */
const program = (...keys: readonly string[]): string =>
  `process.stdout.write(${JSON.stringify(JSON.stringify({ properties: Object.fromEntries(keys.map((key) => [key, {}])) }))});\n`;

test('an archive is read without anything of the installation being touched', async () => {
  const prefix = await mkdtemp(join(tmpdir(), 'textops-prefix-'));
  onTestFinished(() => rm(prefix, { recursive: true }));
  const place = placeAt(prefix);
  const home = await repository({ 'bin/textops.js': program('jobs'), '.env.example': '# One.\nONE=1\n' });
  const first = await home.build();
  const { manifest } = await unpackRelease(first.file, place.releases);
  await mkdir(place.shared);
  await symlink(join('releases', manifest.id), place.current);
  await home.write({
    'bin/textops.js': program('jobs', 'ops'),
    '.env.example': '# One.\nONE=1\n# Two.\nTWO=\n',
    'drizzle/sqlite/0009_new_expand.sql': 'select 1;',
  });
  home.commit('2026-11-21T14:00:00Z');
  await home.report({ startTime: Date.UTC(2026, 10, 21, 15) });
  const second = await home.build();
  const there = await readdir(prefix, { recursive: true });

  const { textops, document } = await cliBench();
  const { code, out } = await textops('upgrade', '--check', second.file, '--prefix', prefix);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^release {5}1\.2\.3 \(\w{7}\) → 1\.2\.3 \(\w{7}\)\nnode .* any will do\nmigrations {2}.*0009_new_expand\n/,
    ),
  ]);
  expect(await document('upgrade', '--check', second.file, '--prefix', prefix)).toMatchObject({
    data: {
      newKeys: ['TWO', 'ops'],
      goneKeys: [],
      migrations: [{ name: '0009_new_expand', contracts: false }],
    },
  });
  expect(await readdir(prefix, { recursive: true })).toEqual(there);
  expect((await textops('upgrade', '--check', join(prefix, 'none'), '--prefix', prefix)).code).toBe(3);
  expect((await textops('upgrade', second.file)).code).toBe(2);
  expect(existsSync(place.lock)).toBe(false);
});
