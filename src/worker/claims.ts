import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Claimed, Store } from '../core/ports/store.ts';
import { RETRIES } from '../core/time/retries.ts';
import { owes, type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { AHEAD_MS, type Forecast } from './forecast.ts';
import { end, type Held, hold } from './held.ts';

export interface ClaimOptions {
  readonly store: Pick<Store, 'now' | 'queue' | 'owed'>;
  readonly workerId: string;
  readonly slots: number;
  readonly forecast: Forecast;
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  readonly observe: Observe;
  readonly pulse?: Pulse;
  /** Runs what was claimed; never rejects. */
  readonly work: (held: Held) => Promise<void>;
}

export interface Claims extends Running {
  nudge(): void;
  idle(): boolean;
  /** What is in hand, and when each is over. */
  readonly jobs: ReadonlyMap<Held, Promise<void>>;
}

/**
 * Takes what is due: as much as the free slots can begin, and of quick jobs as much as they will be through with in a
 * moment. It looks when woken, when something ends, and every now and then.
 */
export const startClaims = (options: ClaimOptions): Claims => {
  const { store, workerId, leaseMs, clock } = options;
  const jobs = new Map<Held, Promise<void>>();
  let intake: 'open' | 'closed' = 'open';
  let looked: 'found' | 'empty' | 'not_yet' = 'not_yet';
  const take = async (claimed: Claimed, at: number, confirmedAt: number): Promise<void> => {
    const { runId } = claimed.entry;
    const isStale = clock() - confirmedAt > leaseMs * STALE_SHARE;
    if (intake === 'closed' || isStale) {
      await store.queue.release({ runId, fence: claimed.fence, at });
      return;
    }
    const held = hold(claimed, confirmedAt);
    const ended = options.work(held).finally(() => {
      jobs.delete(held);
      loop.nudge();
    });
    jobs.set(held, ended);
  };
  const claim = async (): Promise<'busy' | 'idle'> => {
    const limit = roomIn(options, jobs);
    if (limit <= 0 || intake === 'closed') return 'idle';
    const confirmedAt = clock();
    const at = await store.now();
    const claimed = await store.queue.claim({ workerId, limit, at, leaseMs });
    await Promise.all(claimed.map((one) => take(one, at, confirmedAt)));
    looked = claimed.length === 0 ? 'empty' : 'found';
    return claimed.length > 0 && claimed.length < limit ? 'busy' : 'idle';
  };
  const loop = startLoop({
    name: 'worker-claim',
    idleMs: options.pollMs,
    owed: owes(store, 'queue'),
    retry: RETRIES.claim,
    observe: options.observe,
    ...pulseOf(options),
    tick: claim,
  });
  const impatience = setInterval(sendAwayBehindSlow(options, jobs), PATIENCE_MS / 2);
  return {
    jobs,
    nudge: () => {
      looked = 'not_yet';
      loop.nudge();
    },
    idle: () => jobs.size === 0 && looked === 'empty',
    stop: async () => {
      intake = 'closed';
      clearInterval(impatience);
      await loop.stop();
      for (const held of jobs.keys()) if (held.phase === 'waiting') end(held, 'interrupted');
    },
  };
};

/**
 * A claim that took so much of its lease was held up by the database. What would begin under it might be ended in a moment for
 * want of a beat, so it is given back, and claimed anew.
 */
const STALE_SHARE = 1 / 4;

/** What has waited for so long, behind slots that do not become free, is somebody else's. */
const PATIENCE_MS = 1000;

/** Looks twice: a process that was not given the machine for a second finds everything old and nothing stuck. */
const sendAwayBehindSlow = ({ slots, clock }: ClaimOptions, jobs: Claims['jobs']): (() => void) => {
  let before: ReadonlySet<Held> = new Set();
  return () => {
    const executing = [...jobs.keys()].filter(({ phase }) => phase === 'executing');
    const stuck = executing.length >= slots && executing.every((held) => before.has(held));
    before = new Set(executing);
    if (!stuck) return;
    const tooOld = clock() - PATIENCE_MS;
    for (const held of jobs.keys()) {
      if (held.phase === 'waiting' && held.since < tooOld) end(held, 'interrupted');
    }
  };
};

/** Results that the database has not taken yet; a worker that only piles up more of them helps nobody. */
const REPORTS_MAX = 1000;

/** How many entries more may come into hand. */
const roomIn = ({ slots, forecast, clock }: ClaimOptions, jobs: Claims['jobs']): number => {
  const now = clock();
  let unfinished = 0;
  let slow = 0;
  for (const { phase, since } of jobs.keys()) {
    if (phase !== 'reporting') unfinished += 1;
    if (phase === 'executing' && now - since > AHEAD_MS) slow += 1;
  }
  const quickSlots = slots - slow;
  const ahead = forecast.ahead(quickSlots);
  const room = Math.min(quickSlots + ahead - (unfinished - slow), REPORTS_MAX - jobs.size);
  // With work at hand a look at the queue can wait until it brings more than a few.
  return room < ahead / 4 && unfinished - slow >= quickSlots ? 0 : room;
};
