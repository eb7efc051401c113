import { expect, onTestFinished, test } from 'vitest';
import { incidentChanges, presentProblems } from '../../../src/core/flows/ops/keep-incidents.ts';
import { openStore } from '../../../src/db/open.ts';
import { noon } from '../../cast.ts';

test('what is wrong is found in the database; what people stopped on purpose is not, and channels are told of elsewhere', async () => {
  const store = await openStore({ url: ':memory:', clock: () => noon });
  onTestFinished(() => store.close());
  const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
  await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], noon);
  const freeze = { kind: 'freeze', by: 'user:dev:ana', reason: 'audit' } as const;
  await store.runs.commit([{ queue: [], outbox: [], upkeep: [freeze], at: noon }]);
  const house = {
    profile: 'production',
    version: '0',
    startedAt: noon,
    channels: () => [{ channel: 'telegram', state: 'down' as const }],
    cards: () => false,
    gates: async () => [],
  } as const;
  expect(await presentProblems({ store, house })).toEqual(['dead letters']);
});

test('only what is new begins, only what is gone ends, and nothing of channels does either', () => {
  const since = { kind: 'problem', raisedAt: noon } as const;
  const open = [
    { ...since, name: 'failures' },
    { ...since, name: 'no worker' },
    { ...since, kind: 'channel', name: 'telegram' } as const,
  ];
  expect(incidentChanges(open, ['failures', 'dead letters'])).toEqual({
    raised: [{ kind: 'problem', name: 'dead letters' }],
    cleared: [{ kind: 'problem', name: 'no worker' }],
  });
});
