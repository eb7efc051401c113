import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import { openStore } from '../../src/db/open.ts';
import { liveCatalog } from '../../src/program/live-catalog.ts';
import { eventually } from '../bot/eventually.ts';

const file = (quorum: number): string =>
  `jobs:\n  hello:\n    demo: {}\n    approval: { quorum: ${quorum}, approvers: ["role:owner"] }\n`;

test('what the file brings and what an edit of it changes is on record, signed by the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-live-'));
  const path = join(folder, 'textops.yaml');
  await writeFile(path, file(2));
  const read = parseCatalog(file(2), { fileName: 'textops.yaml', format: 'yaml' });
  if (!read.ok) throw new Error('the file is not good');
  const store = await openStore({ url: ':memory:', clock: () => 1000 });
  const observed: Observation[] = [];
  const running = await liveCatalog({
    store,
    config: {
      catalog: read.catalog,
      source: 'file',
      file: path,
      fileName: 'textops.yaml',
      text: file(2),
    },
    observe: (one) => void observed.push(one),
  });
  onTestFinished(async () => {
    await running.stop();
    await store.close();
    await rm(folder, { recursive: true });
  });
  await writeFile(path, file(1));
  await eventually(() => observed.some(({ kind }) => kind === 'config_reloaded'));
  const records = await store.runs.history('system');
  expect(records.map(({ type, actor, payload }) => [type, actor, payload])).toEqual([
    ['JobCreated', 'system:file', { jobKey: 'hello', version: 1, changed: [] }],
    ['JobChanged', 'system:file', { jobKey: 'hello', version: 2, changed: ['approval.quorum'] }],
  ]);
  expect(firstFault(records)).toBeUndefined();
});
