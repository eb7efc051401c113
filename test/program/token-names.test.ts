import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { sharedNames } from '../../src/program/token-names.ts';

test('a name that is a token here and in the environment is told, with what comes of it', async () => {
  const store = await openStore({ url: ':memory:', clock: () => 1000 });
  onTestFinished(() => store.close());
  const token = { tokenHash: '0'.repeat(64), roles: ['viewer'], createdAt: 1, createdBy: 'user:cli:local' };
  const upkeep = [{ kind: 'token_created' as const, token: { ...token, name: 'ci' } }];
  await store.runs.commit([{ queue: [], outbox: [], upkeep, at: 1 }]);
  expect(await sharedNames(store, [{ name: 'screen' }, { name: 'ci' }])).toEqual([
    'API_TOKENS and the database both have a token ci, which the history cannot tell apart',
  ]);
  expect(await sharedNames(store, [{ name: 'screen' }])).toEqual([]);
  expect(await sharedNames(store, [])).toEqual([]);
});
