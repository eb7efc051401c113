import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SCHEMA_DOC, schemaDoc } from '../../tools/schema-doc.ts';

test('docs/database-schema.md says what the tables say (npx node tools/schema-doc.ts writes it anew)', async () => {
  expect(await readFile(SCHEMA_DOC, 'utf8')).toBe(schemaDoc());
});
