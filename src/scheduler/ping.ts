import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import { startLoop } from '../loops/loop.ts';

export interface PingOptions {
  /** As the catalog that is live says; nobody is called without one. */
  readonly url: () => string | undefined;
  /** Rejects while the database does not answer: who is alive but can do nothing is as good as dead. */
  readonly now: () => Promise<number>;
  readonly observe: Observe;
  readonly everyMs?: number;
}

/** How often whoever watches hears of us; that it hears nothing is what it rings for. */
const PING_MS = 60_000;
const ANSWER_MS = 10_000;

/**
 * Says every minute that somebody looks at the timetable, to a program elsewhere that rings when it hears nothing. The first
 * ping of a series that is not taken is a fault; that the others are not is no news.
 */
export const startPing = ({ url, now, observe, everyMs = PING_MS }: PingOptions): Running => {
  let isTaken = true;
  return startLoop({
    name: 'ping',
    idleMs: everyMs,
    observe,
    tick: async (signal) => {
      const target = url();
      if (target === undefined) return 'idle';
      await now();
      const fault = await pingFault(target, signal);
      const isNews = isTaken && fault !== undefined && !signal.aborted;
      isTaken = fault === undefined;
      if (isNews) throw new Error(fault);
      return 'idle';
    },
  });
};

/** Why nobody took it. Of the address only the host: whoever knows the rest of it can ping in our name. */
const pingFault = async (url: string, stopping: AbortSignal): Promise<string | undefined> => {
  const { host } = new URL(url);
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(url, { redirect: 'manual', signal });
    await response.arrayBuffer();
    return response.ok ? undefined : `${host} answered the ping with ${response.status}`;
  } catch {
    return `${host} did not answer the ping`;
  }
};
