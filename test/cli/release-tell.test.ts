import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { News } from '../../src/cli/deploy/news.ts';
import { logFile } from '../../src/cli/log-file.ts';
import { WrittenRecord } from '../../src/telemetry/record.ts';
import { cliBench } from './cli-bench.ts';

const news: News = {
  at: '2026-11-20T14:00:00.000Z',
  action: 'deploy',
  phase: 'healthy',
  to: '1.2.0 (a1b2c3d)',
  from: '1.1.9 (f00ba12)',
  who: 'ana',
  seconds: 12.3,
  reason: null,
};

const bench = async (yaml: string) => {
  const { cwd, textops, inStore } = await cliBench();
  await writeFile(join(cwd, 'textops.yaml'), yaml);
  await inStore(() => Promise.resolve());
  return {
    textops,
    tell: async (more: Partial<News> = {}) =>
      (await textops('release', 'tell', JSON.stringify({ ...news, ...more }))).code,
    sent: () =>
      inStore(async (store) => {
        const at = await store.now();
        const found = await store.outbox.claim({
          owner: 't',
          limit: 9,
          at,
          until: at + 1,
          channels: ['telegram'],
        });
        return found.map(({ draft: { address, content } }) => [address, content.plain]);
      }),
    logged: async () =>
      (await readFile(logFile(cwd), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => WrittenRecord.parse(JSON.parse(line)))
        .map(({ event, level, actor, duration_ms }) => [event, level, actor, duration_ms]),
  };
};

const OPS = 'jobs: { hi: { demo: {} } }\nops: { chat: "telegram:-100" }\n';

test('the chat of those who run it hears of a release once, however often it is told', async () => {
  const { tell, sent } = await bench(OPS);
  expect([await tell(), await tell()]).toEqual([0, 0]);
  const said = 'Release 1.2.0 (a1b2c3d) serves, deployed by ana in 12.3 s, before that 1.1.9 (f00ba12).';
  expect(await sent()).toEqual([['telegram:-100', said]]);
});

test('that somebody begins is in the log alone', async () => {
  const { tell, sent, logged } = await bench(OPS);
  expect(await tell({ phase: 'begun', seconds: 0 })).toBe(0);
  expect(await sent()).toEqual([]);
  expect(await logged()).toEqual([['release.started', 'info', 'cli:ana', 0]]);
});

test.each<readonly [Partial<News>, string, string]>([
  [{}, 'release.healthy', 'info'],
  [{ action: 'rollback' }, 'release.rolled_back', 'warn'],
  [{ phase: 'returned', reason: 'it ended by itself' }, 'release.rolled_back', 'warn'],
  [{ phase: 'failed', from: null, reason: 'it ended by itself' }, 'release.failed', 'error'],
])('%j is logged as %s', async (more, event, level) => {
  const { tell, logged } = await bench(OPS);
  await tell(more);
  expect(await logged()).toEqual([[event, level, 'cli:ana', 12_300]]);
});

test('without a chat for it, the log has to do', async () => {
  const { tell, sent, logged } = await bench('jobs: { hi: { demo: {} } }\n');
  expect(await tell()).toBe(0);
  expect([await sent(), (await logged()).length]).toEqual([[], 1]);
});

test('what is no news of a release is wrong usage, and tells nobody', async () => {
  const { textops, sent } = await bench(OPS);
  for (const text of ['{', '{}', JSON.stringify({ ...news, phase: 'great' })]) {
    expect(await textops('release', 'tell', text)).toMatchObject({ code: 2, out: '' });
  }
  expect(await sent()).toEqual([]);
});

test('how a release stood is said in one word', async () => {
  const { textops } = await bench(OPS);
  expect(await textops('release', 'stood', '--since', '5m')).toMatchObject({ code: 0, out: 'too_short\n' });
  expect(await textops('release', 'stood', '--since', '1h')).toMatchObject({ code: 0, out: 'known_good\n' });
});
