import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import { printCatalog } from '../../src/config/print-catalog.ts';
import { sampleCatalog } from '../../src/config/samples.ts';

describe('the built-in samples', () => {
  const { jobs } = sampleCatalog();

  test('are the five that the greeting names', () => {
    expect(jobs.map(({ key }) => key)).toEqual(['demo', 'hello', 'backup', 'slow', 'flaky']);
  });

  test('run files that exist, named as short as the card shows them', async () => {
    for (const { spec } of jobs) {
      if (spec.target.kind !== 'command') continue;
      const [program = '', file = ''] = spec.target.command;
      expect(program).toBe('node');
      await access(join(spec.target.cwd ?? '', file));
    }
  });

  test('obey the rules of a file', () => {
    const text = printCatalog(sampleCatalog());
    expect(parseCatalog(text, { fileName: 'samples', format: 'yaml' })).toEqual({
      ok: true,
      catalog: sampleCatalog(),
    });
  });
});
