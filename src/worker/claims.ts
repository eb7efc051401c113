import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Claimed, Store } from '../core/ports/store.ts';
import { RETRIES } from '../core/time/retries.ts';
import { type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { type Held, hold } from './held.ts';

export interface ClaimOptions {
  readonly store: Pick<Store, 'now' | 'queue'>;
  readonly workerId: string;
  readonly slots: number;
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

/** Fills the free slots with what is due: when woken, when a slot frees, and every now and then. */
export const startClaims = (options: ClaimOptions): Claims => {
  const { store, workerId, slots, leaseMs, clock } = options;
  const jobs = new Map<Held, Promise<void>>();
  let intake: 'open' | 'closed' = 'open';
  let looked: 'found' | 'empty' | 'not_yet' = 'not_yet';
  const take = async (claimed: Claimed, at: number, confirmedAt: number): Promise<void> => {
    const { runId } = claimed.entry;
    if (intake === 'closed') return store.queue.release({ runId, fence: claimed.fence, at });
    const held = hold(claimed, confirmedAt);
    const ended = options.work(held).finally(() => {
      jobs.delete(held);
      loop.nudge();
    });
    jobs.set(held, ended);
  };
  const claim = async (): Promise<'busy' | 'idle'> => {
    const limit = slots - jobs.size;
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
    retry: RETRIES.claim,
    observe: options.observe,
    ...pulseOf(options),
    tick: claim,
  });
  return {
    jobs,
    nudge: () => {
      looked = 'not_yet';
      loop.nudge();
    },
    idle: () => jobs.size === 0 && looked === 'empty',
    stop: async () => {
      intake = 'closed';
      await loop.stop();
    },
  };
};
