import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SUMS } from './manifest.ts';

export const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer); // a stream without an encoding
  return hash.digest('hex');
};

/** As `sha256sum` writes and checks it. */
export const sumsOf = async (root: string, files: readonly string[]): Promise<string> => {
  const lines: string[] = [];
  for (const file of files) lines.push(`${await sha256Of(join(root, file))}  ${file}\n`);
  return lines.join('');
};

/** What differs from the list: changed, missing, or not in it. Empty when nothing does. */
export const differences = async (root: string): Promise<readonly string[]> => {
  const sums = new Map(
    (await readFile(join(root, SUMS), 'utf8'))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [[line.slice(66), line.slice(0, 64)] as const])),
  );
  const found: string[] = [];
  for (const file of await filesIn(root)) {
    if (file === SUMS) continue;
    const wanted = sums.get(file);
    sums.delete(file);
    if (wanted === undefined) found.push(`${file} is not in ${SUMS}`);
    else if ((await sha256Of(join(root, file))) !== wanted) found.push(`${file} was changed`);
  }
  return [...found, ...[...sums.keys()].map((file) => `${file} is missing`)];
};

/** Anything that is no file counts as one, so that a link is noticed. */
const filesIn = async (root: string): Promise<readonly string[]> => {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .toSorted();
};
