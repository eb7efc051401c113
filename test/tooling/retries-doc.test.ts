import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RETRIES, type Retry } from '../../src/core/time/retries.ts';
import { retriesDoc } from '../../tools/retries-doc.ts';

const rows = Object.entries<Retry>(RETRIES);

test('docs/operations.md says of retries what the table in the code says', async () => {
  const { is, wanted } = await retriesDoc();
  expect(is).toBe(wanted);
});

test.each(rows)('whoever tries "%s" takes it from the table', async (name, { by }) => {
  const source = await readFile(join(import.meta.dirname, '../..', by), 'utf8');
  expect(source).toContain(`RETRIES.${name}`);
});

test('each row has an end, or a pause that is no tight loop', () => {
  const tight = rows.filter(
    ([, { triesMax, pauseMsMin, pauseMsMax }]) =>
      pauseMsMin > pauseMsMax || (triesMax === undefined && pauseMsMin < 100),
  );
  expect(tight).toEqual([]);
});
