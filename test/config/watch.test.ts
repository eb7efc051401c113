import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchFile } from '../../src/config/watch.ts';

describe('watching a file', () => {
  let folder: string;
  let file: string;
  let stop: (() => Promise<void>) | undefined;
  const heard: (string | undefined)[] = [];
  const faults: unknown[] = [];

  const start = (text: string | undefined, onText?: () => void) => {
    const watcher = watchFile({
      file,
      text,
      pollMs: 50,
      settleMs: 10,
      onText: (each) => {
        heard.push(each);
        onText?.();
      },
      onFault: (error) => faults.push(error),
    });
    stop = watcher.stop;
  };
  const hears = (text: string | undefined) =>
    vi.waitFor(() => expect(heard.at(-1)).toBe(text), { timeout: 5000, interval: 10 });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watch-'));
    file = join(folder, 'textops.yaml');
    heard.length = 0;
    faults.length = 0;
  });

  afterEach(async () => {
    await stop?.();
    await rm(folder, { recursive: true });
  });

  test('tells the new text when it is written in place', async () => {
    await writeFile(file, 'one');
    start('one');
    await writeFile(file, 'two');
    await hears('two');
    expect(heard).not.toContain('one');
  });

  test('survives editors that rename a new file into place, again and again', async () => {
    await writeFile(file, 'one');
    start('one');
    for (const text of ['two', 'three', 'four']) {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
      await hears(text);
    }
  });

  test('tells when the file appears and when it goes away', async () => {
    start(undefined);
    await writeFile(file, 'one');
    await hears('one');
    await rm(file);
    await hears(undefined);
    await writeFile(file, 'two');
    await hears('two');
  });

  test('notices what was written between reading and watching', async () => {
    await writeFile(file, 'newer');
    start('older');
    await hears('newer');
  });

  test('tells one fault once and goes on', async () => {
    await writeFile(file, 'one');
    let failures = 1;
    start('one', () => {
      failures -= 1;
      if (failures >= 0) throw new Error('no');
    });
    await writeFile(file, 'two');
    await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 5000, interval: 10 });
    await writeFile(file, 'three');
    await hears('three');
    expect(faults).toHaveLength(1);
  });

  test('a folder that does not exist yet is watched by looking', async () => {
    await rm(folder, { recursive: true });
    start(undefined);
    await writeFile(`${folder}.new`, 'not a folder yet');
    await rename(`${folder}.new`, folder);
    // The path now leads through a file, which is a fault and not an absence.
    await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 5000, interval: 10 });
  });

  test('is silent once it has been stopped', async () => {
    await writeFile(file, 'one');
    start('one');
    await stop?.();
    await writeFile(file, 'two');
    expect(heard).toEqual([]);
  });
});
