import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Stop } from '../voice/stop.ts';
import { ask } from './tools.ts';

/** What the program needs of the repository; tests, benchmarks and tools stay at home. */
export const SHIPPED = [
  'bin/',
  'src/',
  'console/',
  'drizzle/',
  'samples/',
  'docs/',
  'deploy/',
  'compose.yaml',
  'package.json',
  'package-lock.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  '.env.example',
  'textops.example.yaml',
];

/** Every file of a release, relative to the root, sorted: what is committed, and the packages that it runs on. */
export const releaseFiles = async (root: string): Promise<readonly string[]> => {
  const tracked = (await ask('git', ['ls-files', '-z'], root)).split('\0');
  const own = tracked.filter((file) =>
    SHIPPED.some((one) => file === one || (one.endsWith('/') && file.startsWith(one))),
  );
  return [...own, ...(await packageFiles(root))].toSorted();
};

/** Without dev dependencies, as npm itself sees the tree. */
const packageFiles = async (root: string): Promise<readonly string[]> => {
  const real = await realpath(root);
  const listed = await ask('npm', ['ls', '--omit=dev', '--all', '--parseable'], root);
  const folders = listed.split('\n').filter((line) => line.startsWith(join(real, 'node_modules') + sep));
  const files = await Promise.all(folders.map((folder) => filesBelow(folder, real)));
  return files.flat();
};

/** Packages inside of packages are in npm's list themselves. */
const filesBelow = async (folder: string, root: string): Promise<readonly string[]> => {
  if (!existsSync(folder))
    throw new Stop({ code: 'FAILED', message: `${folder} is missing.`, hint: 'Run npm ci.' });
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path, root);
      return entry.isFile() ? [relative(root, path)] : [];
    }),
  );
  return found.flat();
};
