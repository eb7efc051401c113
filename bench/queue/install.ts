import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const folder = import.meta.dirname;

/** The other queues are no dependencies of ours: they are brought into this folder when it is used. */
export const installPeers = async (): Promise<void> => {
  if (await isInstalled()) return;
  console.log('The other queues are not installed yet: npm --prefix bench/queue ci');
  const npm = process.env['npm_execpath'];
  const args = ['--prefix', folder, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const child =
    npm === undefined
      ? spawn('npm', args, { stdio: 'inherit' })
      : spawn(process.execPath, [npm, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error('The other queues could not be installed; --only ours measures ours alone.');
};

/** npm leaves a copy of the lockfile; an older one is of another time. */
const isInstalled = async (): Promise<boolean> => {
  try {
    const [installed, lock] = await Promise.all(
      ['node_modules/.package-lock.json', 'package-lock.json'].map((file) => stat(join(folder, file))),
    );
    return (installed?.mtimeMs ?? 0) >= (lock?.mtimeMs ?? 0);
  } catch {
    return false;
  }
};

/** The exact versions of the packages that are measured. */
export const peerVersions = async (): Promise<Readonly<Record<string, string>>> => {
  // Our own file.
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> }).dependencies;
};
