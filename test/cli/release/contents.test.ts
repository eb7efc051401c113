import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SHIPPED } from '../../../src/cli/release/contents.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const isShipped = (path: string): boolean =>
  SHIPPED.some((one) => one === path || (one.endsWith('/') && `${path}/`.startsWith(one)));

test('a release has everything that the package has, but for what is only built for it', () => {
  // Our own file.
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  expect(files.filter((path) => path !== 'dist' && !isShipped(path))).toEqual([]);
});

test('a release has every folder that the program reads beside its own code', async () => {
  const read = new Set<string>();
  for await (const file of glob('src/**/*.ts', { cwd: ROOT })) {
    const up = '../'.repeat(file.split('/').length - 1);
    const text = await readFile(join(ROOT, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/new URL\(\s*['"`]([^'"`]*)/g)) {
      // Above the root, and what git keeps of a working copy, is nobody's but the machine's.
      const [top = ''] = path.startsWith(up) ? path.slice(up.length).split('/') : [];
      if (top !== '' && top !== '.git') read.add(top);
    }
  }
  expect([...read]).toEqual(expect.arrayContaining(['console', 'drizzle', 'package.json']));
  expect([...read].filter((path) => !isShipped(path))).toEqual([]);
});
