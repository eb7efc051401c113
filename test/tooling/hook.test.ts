import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { missesHook } from '../../tools/hook.ts';

const root = resolve(import.meta.dirname, '../..');

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-hook-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
};

test('a clone without the hook gets it; a worktree, an archive and a machine of CI do not', async () => {
  const clone = await folder();
  await mkdir(join(clone, '.git', 'hooks'), { recursive: true });
  expect(missesHook(clone, {})).toBe(true);
  expect(missesHook(clone, { CI: 'true' })).toBe(false);
  await writeFile(join(clone, '.git', 'hooks', 'pre-commit'), '');
  expect(missesHook(clone, {})).toBe(false);
  const [worktree, archive] = [await folder(), await folder()];
  await writeFile(join(worktree, '.git'), 'gitdir: elsewhere\n');
  expect([missesHook(worktree, {}), missesHook(archive, {})]).toEqual([false, false]);
});

test('the first check or test of a clone installs the hook, and the next one leaves it alone', async () => {
  const clone = await folder();
  const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: clone, encoding: 'utf8' });
  git('init', '--quiet');
  await rm(join(clone, '.git', 'hooks'), { recursive: true, force: true });
  await writeFile(join(clone, 'lefthook.yml'), await readFile(join(root, 'lefthook.yml'), 'utf8'));
  const { CI: _, ...env } = process.env;
  const path = `${join(root, 'node_modules', '.bin')}:${env['PATH'] ?? ''}`;
  const install = () =>
    spawnSync(process.execPath, [join(root, 'tools/hook.ts')], {
      cwd: clone,
      env: { ...env, PATH: path },
      encoding: 'utf8',
    });
  expect(install().stderr).toContain('The commit hook is installed');
  expect(existsSync(join(clone, '.git', 'hooks', 'pre-commit'))).toBe(true);
  expect(install().stderr).toBe('');
});

test('check and test look for it first', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['check', 'test']) expect(scripts[name]).toMatch(/^node tools\/hook\.ts && /);
});
