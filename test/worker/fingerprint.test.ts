import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CommandTarget } from '../../src/core/jobs/job.ts';
import { fingerprint } from '../../src/worker/fingerprint.ts';
import { until, workbench } from './workbench.ts';

const bench = await workbench();
await mkdir(bench.path('scripts'));
await mkdir(bench.path('bin'));
await mkdir(bench.path('data'));
await writeFile(bench.path('scripts/backup.sh'), 'echo one');
await writeFile(bench.path('data/tables.txt'), 'orders');
await writeFile(bench.path('bin/tool'), 'echo tool');
await chmod(bench.path('bin/tool'), 0o755);

const environment = { PATH: bench.path('bin') };
const options = { baseDir: bench.folder, environment };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const command = (argv: readonly string[], cwd?: string): CommandTarget => ({
  kind: 'command',
  command: argv,
  env: [],
  ...(cwd === undefined ? {} : { cwd }),
});

describe('the fingerprint of a command', () => {
  const of = fingerprint(options);

  test('names the program and every argument that is a file', async () =>
    expect(
      await of(command(['./scripts/backup.sh', '--tables', 'data/tables.txt', '{db}', 'data', 'nothing'])),
    ).toEqual({
      [bench.path('scripts/backup.sh')]: sha256('echo one'),
      [bench.path('data/tables.txt')]: sha256('orders'),
    }));

  test('takes arguments relative to cwd, as the process does', async () =>
    expect(await of(command(['./scripts/backup.sh', 'tables.txt'], 'data'))).toEqual({
      [bench.path('scripts/backup.sh')]: sha256('echo one'),
      [bench.path('data/tables.txt')]: sha256('orders'),
    }));

  test('finds the program on the PATH', async () =>
    expect(await of(command(['tool']))).toEqual({ [bench.path('bin/tool')]: sha256('echo tool') }));

  test('follows a link to the bytes behind it', async () => {
    await symlink(bench.path('bin/tool'), bench.path('scripts/link'));
    expect(await of(command(['./scripts/link']))).toEqual({
      [bench.path('scripts/link')]: sha256('echo tool'),
    });
  });

  test.each([
    ['a missing program', ['./scripts/missing.sh']],
    ['an unknown program', ['no-such-tool']],
    ['no command', []],
    ['texts that cannot be paths', ['./x', 'a\0b', '', 'y'.repeat(5000), 'data/tables.txt/below']],
  ])('%s has no entry', async (_what, argv) => expect(await of(command(argv))).toEqual({}));

  test('other targets have none', async () => {
    expect(await of({ kind: 'demo' })).toEqual({});
    expect(await of({ kind: 'http', method: 'GET', url: 'http://127.0.0.1/', headers: {} })).toEqual({});
  });

  test('the large program of this test is hashed as a stream', async () => {
    const hash = createHash('sha256')
      .update(await readFile(process.execPath))
      .digest('hex');
    expect(await of(command([process.execPath]))).toEqual({ [process.execPath]: hash });
  });
});

describe('a swapped script', () => {
  test('is noticed at once, even with the same size and a forged date', async () => {
    const of = fingerprint(options);
    const path = bench.path('scripts/swapped.sh');
    const date = new Date('2026-01-01T00:00:00Z');
    for (const text of ['echo good', 'echo evil', 'echo good']) {
      await writeFile(path, text);
      await utimes(path, date, date);
      expect(await of(command(['./scripts/swapped.sh']))).toEqual({ [path]: sha256(text) });
    }
  });

  test('is noticed in the cache too: no one can set back the time of the change', async () => {
    const path = bench.path('scripts/cached.sh');
    const date = new Date('2026-01-01T00:00:00Z');
    const of = fingerprint({ ...options, nowMs: () => Date.now() + 60_000 });
    await writeFile(path, 'echo good');
    await utimes(path, date, date);
    expect(await of(command(['./scripts/cached.sh']))).toEqual({ [path]: sha256('echo good') });
    const before = (await stat(path, { bigint: true })).ctimeNs;
    // The file system's clock has ticks of some milliseconds.
    await until('the change has a time of its own', async () => {
      await writeFile(path, 'echo evil');
      await utimes(path, date, date);
      return (await stat(path, { bigint: true })).ctimeNs !== before;
    });
    expect(await of(command(['./scripts/cached.sh']))).toEqual({ [path]: sha256('echo evil') });
  });

  test('an unchanged file is read once, as soon as it has settled', async () => {
    const path = bench.path('scripts/settled.sh');
    await writeFile(path, 'echo settled');
    const read: string[] = [];
    const hashFile = async (file: string) => {
      read.push(file);
      return `hash ${read.length}`;
    };
    let now = Date.now();
    const of = fingerprint({ ...options, hashFile, nowMs: () => now });
    const once = async () => (await of(command(['./scripts/settled.sh'])))[path];
    expect([await once(), await once()]).toEqual(['hash 1', 'hash 2']);
    now += 60_000;
    expect([await once(), await once(), await once()]).toEqual(['hash 3', 'hash 3', 'hash 3']);
    await writeFile(path, 'echo another');
    expect(await once()).toBe('hash 4');
  });
});
