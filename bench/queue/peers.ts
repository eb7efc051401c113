import { join } from 'node:path';
import { type Databases, settle } from '../databases.ts';
import { freshFolder } from '../program.ts';
import type { Contender, Place, StoreKind, Trait } from './contender.ts';
import { DURABILITY, startRedis } from './redis-server.ts';
import { type RemoteEnd, startEnd } from './remote-end.ts';
import { remoteWorker } from './remote-worker.ts';

interface Peer {
  readonly family: string;
  readonly tuning: string;
  readonly store: StoreKind;
  readonly traits?: readonly Trait[];
  readonly recoversAfter?: string;
}

/** How the documentation sets it up first, and as fast as it says it can be made. */
const PEERS: readonly Peer[] = [
  { family: 'graphile-worker', tuning: 'default', store: 'PostgreSQL', recoversAfter: '4 h' },
  { family: 'graphile-worker', tuning: 'tuned', store: 'PostgreSQL', recoversAfter: '4 h' },
  {
    family: 'pg-boss',
    tuning: 'default',
    store: 'PostgreSQL',
    traits: ['slow by default'],
    recoversAfter: '15 min',
  },
  { family: 'pg-boss', tuning: 'tuned', store: 'PostgreSQL', recoversAfter: '15 min' },
  ...Object.keys(DURABILITY).map((tuning): Peer => ({ family: 'bullmq', tuning, store: 'Redis' })),
  ...['default', 'tuned', 'tuned FULL'].map(
    (tuning): Peer => ({
      family: 'plainjob',
      tuning,
      store: 'SQLite',
      traits: ['without priorities'],
      recoversAfter: '30 min',
    }),
  ),
];

export const FAMILIES = [...new Set(PEERS.map(({ family }) => family))];

export const peersOn = (databases: Databases): readonly Contender[] =>
  PEERS.map((peer) => ({
    name: `${peer.family} ${peer.tuning}`,
    family: peer.family,
    store: peer.store,
    traits: peer.traits ?? [],
    ...(peer.recoversAfter === undefined ? {} : { recoversAfter: peer.recoversAfter }),
    open: async ({ ready = 0, later = 0, kind } = {}) => {
      const place = placeOf(peer, await homeFor(peer, databases));
      if (ready + later === 0) return place;
      const producer = await place.producer();
      await producer.call('fill', { count: ready, ...(kind === undefined ? {} : { kind }) });
      await producer.call('fill', { count: later, laterMs: LATER_MS });
      return place;
    },
  }));

/** Far enough that none of them becomes due while something is measured. */
export const LATER_MS = 6 * 3_600_000;

interface Home {
  readonly url: string;
  readonly folder: string;
  readonly leave: () => Promise<void>;
}

const homeFor = async ({ store, tuning }: Peer, databases: Databases): Promise<Home> => {
  const folder = await freshFolder();
  if (store === 'Redis') {
    const server = await startRedis(tuning);
    return { url: server.url, folder, leave: () => server.stop() };
  }
  const url = await databases.fresh(store, folder);
  return { url, folder, leave: () => databases.drop(url) };
};

const placeOf = ({ family, tuning, store }: Peer, { url, folder, leave }: Home): Place => {
  const ends: RemoteEnd[] = [];
  const file = join(import.meta.dirname, 'peers', `${family}.ts`);
  const start = async (): Promise<RemoteEnd> => {
    const end = await startEnd({ file, url, tuning, folder });
    ends.push(end);
    return end;
  };
  const assertCounts = async (undone: number, done: number): Promise<void> => {
    const end = await start();
    const found = await end.call('counts', undefined);
    const told = JSON.stringify(found);
    if (found.undone !== undone) throw new Error(`${family}: ${undone} jobs should wait, and it has ${told}`);
    if ((found.done ?? done) !== done)
      throw new Error(`${family}: ${done} should be done, and it has ${told}`);
  };
  return {
    url,
    producer: start,
    worker: async (order) => {
      const end = await start();
      await end.call('work', order);
      return remoteWorker(end);
    },
    settle: () => (store === 'Redis' ? Promise.resolve() : settle(url)),
    assertQueued: (count) => assertCounts(count, 0),
    assertWorked: (count) => assertCounts(0, count),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ends.map((end) => end.close()));
      await leave();
    },
  };
};
