import { expect, test } from 'vitest';
import { sampleCatalog } from '../../src/config/samples.ts';
import { ana, noon } from '../cast.ts';
import { act, approve, request, spec } from '../contracts/given.ts';
import { cliBench } from './cli-bench.ts';

test('pause and freeze, and their ends, say what they did, and the board shows it', async () => {
  const { inStore, textops } = await cliBench();
  await inStore(async (store) => {
    await store.people.replaceFilePeople([ana], noon);
    await store.catalog.replaceFileJobs(sampleCatalog().jobs, 'sample', noon);
  });
  expect(await textops('pause', 'queue', 'the', 'database', 'moves')).toMatchObject({
    code: 0,
    out: 'The queue is paused by the command line. What runs goes on. Again: /unpause queue\n',
  });
  expect((await textops('ops')).out).toMatch(/^paused {4}queue$/m);
  expect(await textops('pause', 'queue')).toMatchObject({ code: 4 });
  expect(await textops('pause', 'nothing')).toMatchObject({ code: 4 });
  expect(await textops('unpause', 'queue')).toMatchObject({ code: 0, out: 'The queue goes on.\n' });
  expect(await textops('freeze', 'release', 'weekend')).toMatchObject({
    code: 0,
    out: 'Frozen by the command line: nothing is decided or started, what runs goes on. Again: /unfreeze\n',
  });
  expect((await textops('ops')).out).toContain('Everything is frozen: nothing is decided or started');
  expect(await textops('freeze', 'again')).toMatchObject({ code: 4 });
  expect(await textops('unfreeze')).toMatchObject({ code: 0 });
  expect((await textops('ops', '--dedup')).out).toBe('No message came twice.\n');
});

test('a freeze takes the button from the cards of runs that wait to be started, and its end gives it back', async () => {
  const { inStore, textops } = await cliBench();
  await inStore(async (store) => {
    const heavy = { address: 'telegram:-100', spec: spec({ heavy: true }), at: await store.now() };
    await act(store, 'HEAVY1', request('HEAVY1', heavy));
    await act(store, 'HEAVY1', approve(await store.now()));
  });
  const cards = () =>
    inStore(async (store) => {
      const at = await store.now();
      const channels = ['telegram'];
      const sent = await store.outbox.claim({ owner: 'test', limit: 9, at, until: at, channels });
      await store.outbox.settle(
        sent.map(({ outboxId }) => ({ outboxId, k: 'sent' as const })),
        at,
        'test',
      );
      return sent.map(({ draft }) => JSON.stringify(draft.content));
    });
  expect(await cards()).toEqual([]);
  await textops('freeze', 'incident');
  expect(await cards()).toEqual([
    expect.stringContaining('freeze ON ✖ (set by the command line; /unfreeze)'),
  ]);
  await textops('unfreeze');
  expect(await cards()).toEqual([expect.stringContaining('freeze off ✔')]);
});
