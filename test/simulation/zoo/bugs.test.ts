import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { misread } from '../../planting.ts';
import { BUGS } from './bugs.ts';

test.each(BUGS)('the passages of a bug are in the program: $name', async ({ passages }) => {
  for (const one of passages) {
    const text = await readFile(new URL(`../../../${one.file}`, import.meta.url), 'utf8');
    expect(misread(text, one)).not.toBe(text);
  }
});

test('no two bugs have the same name', () => {
  expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
});
