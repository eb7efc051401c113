import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import type { Wake } from '../../core/ports/store.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { clientConfig, idOf } from './connect.ts';

export const WAKES: readonly Wake[] = ['inbox', 'outbox', 'queue', 'leases'];
const channelOf = (what: Wake): string => `textops_${what}`;

/** NOTIFY takes a lock of the whole server at commit, so a burst of commits becomes one. */
const quietMs = 10;

export interface ListenTimes {
  /** How often the server is asked whether it still knows that we listen, and how long it may take to answer. */
  readonly beatMs: number;
  readonly beatDeadlineMs: number;
  /** Before a new connection. */
  readonly reconnectMs: number;
}

/** A connection that is dead without a word is noticed after the first two together. */
export const listenTimes: ListenTimes = {
  beatMs: 10_000,
  beatDeadlineMs: 5_000,
  reconnectMs: RETRIES.databaseListening.pauseMsMin,
};

/**
 * Wakes the other processes and listens to them, on a connection of its own. Latency only: whoever is not woken polls.
 * The payload is empty; nothing that matters travels this way.
 */
export const startNotifying = (
  pool: Pool,
  url: string,
  tell: (what: Wake) => void,
  times: ListenTimes = listenTimes,
) => {
  const stopping = new AbortController();
  const own = ownProcesses(pool);
  const listening = listenForEver({ url, own, tell, times, signal: stopping.signal });
  const owed = new Set<Wake>();
  let paying: Promise<void> | undefined;
  const pay = async (): Promise<void> => {
    while (owed.size > 0 && !stopping.signal.aborted) {
      const now = [...owed];
      owed.clear();
      try {
        await pool.query(NOTIFY, [now.map(channelOf), '']);
      } catch {
        // The others poll; a lost nudge costs them a moment, and the next commit reports what is wrong.
      }
      await sleep(quietMs);
    }
    paying = undefined;
  };
  return {
    tellOthers: (what: readonly Wake[]): void => {
      for (const one of what) owed.add(one);
      paying ??= pay();
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.all([listening, paying]);
    },
  };
};

/** One statement asks for the gate and notifies, so a closed gate costs no more than an open one. */
const NOTIFY =
  'select pg_notify(channel, $2) from unnest($1::text[]) as channel ' +
  "where exists (select 1 from gates where name = 'queue.notify.bridge_enabled' and open = 1)";

/** Backends of our own pool; what they notify was told inside the process already. */
const ownProcesses = (pool: Pool): ReadonlySet<number> => {
  const own = new Set<number>();
  pool.on('connect', (client) => own.add(idOf(client)));
  pool.on('remove', (client) => own.delete(idOf(client)));
  return own;
};

interface Listening {
  readonly url: string;
  readonly own: ReadonlySet<number>;
  readonly tell: (what: Wake) => void;
  readonly times: ListenTimes;
  readonly signal: AbortSignal;
}

const listenForEver = async (given: Listening): Promise<void> => {
  const { signal, times } = given;
  while (!signal.aborted) {
    try {
      await listenOnce(given);
    } catch {
      // Whatever broke it, the cure is a new connection; the loops report a database that stays away.
      await pause(times.reconnectMs, signal);
    }
  }
};

/** Returns when asked to stop, throws when the connection is no longer worth anything. */
const listenOnce = async ({ url, own, tell, times, signal }: Listening): Promise<void> => {
  // Our own, so that we can hang up on a network that answers nothing, not even a farewell.
  const socket = new Socket();
  const hangUp = (): void => void socket.destroy();
  const client = new Client({
    ...clientConfig(url),
    stream: () => socket,
    connectionTimeoutMillis: times.beatDeadlineMs,
    query_timeout: times.beatDeadlineMs,
  });
  const broken = new AbortController();
  client.on('error', (error) => broken.abort(error));
  client.on('end', () => broken.abort(new Error('The listening connection ended.')));
  client.on('notification', ({ channel, processId }) => {
    const what = WAKES.find((one) => channelOf(one) === channel);
    if (what !== undefined && !own.has(processId)) tell(what);
  });
  signal.addEventListener('abort', hangUp);
  try {
    await client.connect();
    await client.query(WAKES.map((what) => `listen ${channelOf(what)}`).join('; '));
    // Whatever was committed while nobody listened.
    WAKES.forEach(tell);
    const either = AbortSignal.any([signal, broken.signal]);
    while (!either.aborted) {
      await pause(times.beatMs, either);
      if (!either.aborted) await assertListening(client);
    }
    if (!signal.aborted) broken.signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', hangUp);
    hangUp();
  }
};

/** Listening connections die silently; only asking the server shows it. */
const assertListening = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ n: number }>('select count(*) as n from pg_listening_channels()');
  if (rows[0]?.n !== WAKES.length) throw new Error('The server no longer knows that we listen.');
};

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
