import { join } from 'node:path';
import { type Databases, observe, settle } from '../databases.ts';
import { freshFolder } from '../program.ts';
import type { Contender, Place, StoreKind, Worker } from './contender.ts';
import { type RemoteEnd, startEnd } from './remote-end.ts';

interface Peer {
  readonly family: string;
  readonly tuning: string;
  readonly store: Exclude<StoreKind, 'Redis'>;
  /** Answers how many jobs its database holds as done, or as still to be done where it keeps no done ones. */
  readonly done: { readonly sql: string; readonly kept: boolean };
}

const PEERS: readonly Peer[] = ['default', 'tuned'].map((tuning) => ({
  family: 'graphile-worker',
  tuning,
  store: 'PostgreSQL',
  done: { sql: 'select count(*) from graphile_worker._private_jobs', kept: false },
}));

export const FAMILIES = [...new Set(PEERS.map(({ family }) => family))];

export const peersOn = (databases: Databases): readonly Contender[] =>
  PEERS.map((peer) => contender(peer, databases));

const contender = (peer: Peer, databases: Databases): Contender => ({
  name: `${peer.family} ${peer.tuning}`,
  family: peer.family,
  store: peer.store,
  open: async (filled = 0) => {
    const folder = await freshFolder();
    const url = await databases.fresh(peer.store, folder);
    const place = placeOf(peer, { url, folder, drop: () => databases.drop(url) });
    if (filled > 0) await (await place.producer()).call('fill', { count: filled });
    return place;
  },
});

interface Home {
  readonly url: string;
  readonly folder: string;
  readonly drop: () => Promise<void>;
}

const placeOf = ({ family, tuning, done }: Peer, { url, folder, drop }: Home): Place => {
  const ends: RemoteEnd[] = [];
  const start = async (): Promise<RemoteEnd> => {
    const file = join(import.meta.dirname, 'peers', `${family}.ts`);
    const end = await startEnd({ file, url, tuning, folder });
    ends.push(end);
    return end;
  };
  return {
    url,
    producer: start,
    worker: async (order) => {
      const end = await start();
      await end.call('work', order);
      return workerOf(end);
    },
    settle: () => settle(url),
    verify: async (count) => {
      await using database = await observe(url);
      const expected = done.kept ? count : 0;
      const found = await database.number(done.sql);
      if (found !== expected)
        throw new Error(`${family}: ${found} jobs are stored, ${expected} were expected`);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ends.map((end) => end.close()));
      await drop();
    },
  };
};

const workerOf = (end: RemoteEnd): Worker => {
  const started = new Map<string, PromiseWithResolvers<number>>();
  const startOf = (id: string): PromiseWithResolvers<number> => {
    const known = started.get(id) ?? Promise.withResolvers<number>();
    started.set(id, known);
    return known;
  };
  end.on((event, value) => {
    if (event !== 'started') return;
    const { id, at } = value as { id: string; at: number };
    startOf(id).resolve(at);
  });
  return {
    firstAt: () => end.first('first'),
    allHandled: async () => {
      await end.first('handled');
    },
    handled: () => end.call('handled', undefined),
    startedAt: (id) => startOf(id).promise,
    rssMb: () => end.rssMb(),
    kill: () => end.kill(),
    stop: () => end.close(),
  };
};
