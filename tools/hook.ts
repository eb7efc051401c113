import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

// npm runs no script when it installs (.npmrc), so the first check or test puts the commit hook where it belongs.

/** Whether this is a clone of its own without the hook. A worktree has those of its repository, and nobody commits in CI. */
export const missesHook = (root: string, env: Readonly<Record<string, string | undefined>>): boolean => {
  const git = join(root, '.git');
  const isClone = statSync(git, { throwIfNoEntry: false })?.isDirectory() === true;
  return isClone && !env['CI'] && !existsSync(join(git, 'hooks', 'pre-commit'));
};

if (import.meta.main && missesHook(process.cwd(), process.env)) {
  // Whatever comes of it is no reason not to check or test: a folder that cannot be written needs no hook.
  const { status } = spawnSync('lefthook', ['install'], { stdio: 'ignore' });
  process.stderr.write(
    status === 0
      ? 'The commit hook is installed; npx lefthook uninstall takes it away.\n'
      : 'The commit hook could not be installed; npx lefthook install says why.\n',
  );
}
