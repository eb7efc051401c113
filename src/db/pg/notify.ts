import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import type { Wake } from '../../core/ports/store.ts';
import { clientConfig } from './connect.ts';

const WAKES: readonly Wake[] = ['inbox', 'outbox', 'queue', 'leases'];
const channelOf = (what: Wake): string => `textops_${what}`;

/** NOTIFY takes a lock of the whole server at commit, so a burst of commits becomes one. */
const quietMs = 10;
const beatMs = 10_000;
const beatDeadlineMs = 5_000;
const reconnectMs = 1_000;

/**
 * Wakes the other processes and listens to them, on a connection of its own. Latency only: whoever is not woken polls.
 * The payload is empty; nothing that matters travels this way.
 */
export const startNotifying = (pool: Pool, url: string, tell: (what: Wake) => void) => {
  const stopping = new AbortController();
  const own = ownProcesses(pool);
  const listening = listenForEver(url, own, tell, stopping.signal);
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

/** The driver keeps it on the client without declaring it. */
const idOf = (client: unknown): number => (client as { processID: number }).processID;

const listenForEver = async (
  url: string,
  own: ReadonlySet<number>,
  tell: (what: Wake) => void,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      await listenOnce(url, own, tell, signal);
    } catch {
      // Whatever broke it, the cure is a new connection; the loops report a database that stays away.
      await pause(reconnectMs, signal);
    }
  }
};

/** Returns when asked to stop, throws when the connection is no longer worth anything. */
const listenOnce = async (
  url: string,
  own: ReadonlySet<number>,
  tell: (what: Wake) => void,
  signal: AbortSignal,
): Promise<void> => {
  const client = new Client({ ...clientConfig(url), query_timeout: beatDeadlineMs });
  const broken = new AbortController();
  client.on('error', (error) => broken.abort(error));
  client.on('end', () => broken.abort(new Error('The listening connection ended.')));
  client.on('notification', ({ channel, processId }) => {
    const what = WAKES.find((one) => channelOf(one) === channel);
    if (what !== undefined && !own.has(processId)) tell(what);
  });
  try {
    await client.connect();
    await client.query(WAKES.map((what) => `listen ${channelOf(what)}`).join('; '));
    // Whatever was committed while nobody listened.
    WAKES.forEach(tell);
    const either = AbortSignal.any([signal, broken.signal]);
    while (!either.aborted) {
      await pause(beatMs, either);
      if (!either.aborted) await assertListening(client);
    }
    if (!signal.aborted) broken.signal.throwIfAborted();
  } finally {
    await client.end().catch(() => undefined);
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
