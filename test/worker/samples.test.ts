import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { commandExecutor } from '../../src/worker/executors/command-executor.ts';
import { listening, requestOf, textWith, workbench } from './workbench.ts';

const bench = await workbench();
const executor = commandExecutor({ baseDir: bench.folder, environment: process.env });
const sample = async (name: string, ...args: readonly string[]) => {
  const { hooks, progress } = listening();
  const command = [process.execPath, resolve('samples', name), ...args];
  const outcome = await executor.execute(requestOf({ target: { kind: 'command', command, env: [] } }), hooks);
  return { ...outcome, progress };
};

const hasTar = spawnSync('tar', ['--version']).status === 0;

/** Names, sizes and hashes of a ustar archive, read by other code than the one that wrote it. */
const ustar = (bytes: Buffer) => {
  const found: { name: string; hash: string }[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const name = bytes.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    const content = bytes.subarray(at + 512, at + 512 + size);
    found.push({ name, hash: createHash('sha256').update(content).digest('hex') });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
};

describe('hello', () => {
  test('greets by name, whatever the name', async () => {
    expect(await sample('hello.js', 'Ana')).toMatchObject({ kind: 'succeeded', summary: 'hello, Ana' });
    expect(await sample('hello.js', '$(id)')).toMatchObject({ summary: 'hello, $(id)' });
  });
});

describe('backup', () => {
  const files: Readonly<Record<string, Buffer>> = {
    'a.txt': Buffer.from('hello'),
    empty: Buffer.alloc(0),
    'exact.bin': randomBytes(1024),
    'größe/ü.bin': randomBytes(45_678),
  };

  const prepared = async (name: string) => {
    const source = bench.path(name);
    await mkdir(`${source}/größe`, { recursive: true });
    await mkdir(`${source}/nothing`);
    await symlink('a.txt', `${source}/link`);
    for (const [path, bytes] of Object.entries(files)) await writeFile(`${source}/${path}`, bytes);
    return source;
  };

  test('copies the folder into a dated archive, and says so', async () => {
    await prepared('source');
    const outcome = await sample('backup.js', 'source', 'out/backups');
    expect(outcome).toMatchObject({ kind: 'succeeded' });
    expect(outcome.summary).toMatch(/^4 files, 47 kB → out\/backups\/backup-\d{8}-\d{6}\.tar\.gz$/);
    expect(outcome.progress.at(-1)).toEqual({ percent: 100, text: 'verified' });
    const percents = outcome.progress.map(({ percent }) => percent ?? -1);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(await readdir(bench.path('out/backups'))).toHaveLength(1);
  });

  test('the archive holds every byte', async () => {
    await prepared('bytes');
    const { summary } = await sample('backup.js', 'bytes', 'held');
    const archive = bench.path(summary.split(' → ')[1] ?? '');
    const entries = ustar(gunzipSync(await readFile(archive)));
    for (const [name, bytes] of Object.entries(files))
      expect(entries).toContainEqual({ name, hash: createHash('sha256').update(bytes).digest('hex') });
    expect(entries.map(({ name }) => name)).toEqual([
      'a.txt',
      'empty',
      'exact.bin',
      'größe/',
      'größe/ü.bin',
      'link',
      'nothing/',
    ]);
  });

  test.runIf(hasTar)('tar unpacks it, long names too', async () => {
    const source = await prepared('long');
    const long = `${'folder-'.repeat(12)}/${'ü'.repeat(60)}`;
    await mkdir(`${source}/${long}`, { recursive: true });
    await writeFile(`${source}/${long}/leaf`, 'found');
    const { summary } = await sample('backup.js', 'long', 'packed');
    await mkdir(bench.path('unpacked'));
    const archive = bench.path(summary.split(' → ')[1] ?? '');
    const listed = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' });
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    expect(spawnSync('tar', ['-xzf', archive, '-C', bench.path('unpacked')])).toMatchObject({ status: 0 });
    expect(await readFile(bench.path(`unpacked/${long}/leaf`), 'utf8')).toBe('found');
    expect(await readFile(bench.path('unpacked/link'), 'utf8')).toBe('hello');
    for (const [name, bytes] of Object.entries(files))
      expect(bytes.equals(await readFile(bench.path(`unpacked/${name}`)))).toBe(true);
  });

  test('a destination inside the source is left out, and two within a second have two names', async () => {
    await prepared('around');
    const first = await sample('backup.js', 'around', 'around/backups');
    const second = await sample('backup.js', 'around', 'around/backups');
    expect(second.summary.split(' → ')[0]).toBe(first.summary.split(' → ')[0]);
    expect(await readdir(bench.path('around/backups'))).toHaveLength(2);
  });

  test('a missing source fails in one clear sentence and leaves nothing behind', async () => {
    expect(await sample('backup.js', 'no-such-folder', 'never')).toMatchObject({
      kind: 'failed',
      reason: 'exit',
      exitCode: 2,
      summary: 'backup: the source folder no-such-folder does not exist (exit 2)',
    });
    expect(await readdir(bench.folder)).not.toContain('never');
  });

  test('without arguments it says what it needs', async () =>
    expect(await sample('backup.js')).toMatchObject({
      summary: textWith('two arguments are needed'),
    }));
});
