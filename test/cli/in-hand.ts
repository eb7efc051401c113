import type { Store } from '../../src/core/ports/store.ts';
import { furnish } from '../../src/program/house.ts';
import { until } from '../e2e/program.ts';
import { hire } from '../flows/worker.ts';

/** Works off one run of this database as a worker would, in the process of the test. */
export const inHand = async (store: Store, how: 'succeeds' | 'fails'): Promise<void> => {
  const rooms = furnish({
    store,
    profile: 'production',
    version: '1.0.0',
    leaseMs: 30_000,
    buttonToken: () => '',
    fingerprint: () => Promise.resolve({}),
    observe: () => undefined,
    cards: () => false,
    channels: () => [],
    startedAt: 0,
  });
  const hand = hire({ rooms: () => rooms, leaseMs: 30_000, now: Date.now }, 'w1');
  const attempt = await hand.begins(await until(() => hand.claims(), 20_000));
  if (how === 'succeeds') await attempt.succeeds();
  else
    while ((await attempt.fails('out of order', { reason: 'exit' })) !== 'recorded')
      throw new Error('it is not ours');
};
