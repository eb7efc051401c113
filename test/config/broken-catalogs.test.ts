import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import { problemLine } from '../../src/config/problem.ts';
import { brokenCatalogs } from './broken-catalogs.ts';

describe('a broken textops.yaml is answered with the place, the path and the nearest name', () => {
  test.each(brokenCatalogs)('$name', ({ text, problems }) => {
    const result = parseCatalog(text.slice(1), { fileName: 'textops.yaml', format: 'yaml' });
    const lines = result.ok ? [] : result.problems.map(problemLine);
    expect(lines).toEqual(problems.map((line) => `textops.yaml:${line}`));
  });
});
