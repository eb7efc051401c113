import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Store } from '../core/ports/store.ts';
import { type Backoff } from '../core/time/backoff.ts';
import { RETRIES } from '../core/time/retries.ts';
import { startLoop } from '../loops/loop.ts';
import { end, type Held, isForfeit } from './held.ts';

export interface LeaseOptions {
  readonly store: Pick<Store, 'now' | 'queue' | 'heartbeats' | 'runs'>;
  readonly workerId: string;
  readonly slots: number;
  readonly leaseMs: number;
  readonly place: string;
  readonly held: () => readonly Held[];
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  readonly observe: Observe;
}

/**
 * Keeps the leases of all running jobs, and ends the jobs whose lease is gone. Beats come six times per lease; a job
 * whose beat was not confirmed for half a lease is ended, so it is dead before anybody else may own its run.
 */
export const keepLeases = (options: LeaseOptions): Running & { readonly beatSoon: () => void } => {
  const { leaseMs, observe, workerId } = options;
  const everyMs = leaseMs / 6;
  const register = registration(options, everyMs);
  const beats = startLoop({
    name: 'worker-beat',
    idleMs: everyMs,
    // A run that ends wakes us as well as one that is canceled; more looks than this would only be load.
    gapMs: Math.min(BEAT_GAP_MS, everyMs),
    retry: noLaterThan(everyMs),
    observe,
    tick: async () => {
      await within(beat(options), leaseMs / 3);
      await register();
      return 'idle';
    },
  });
  const watchdog = setInterval(() => {
    const tooOld = options.clock() - leaseMs / 2;
    for (const held of options.held()) {
      if (held.phase === 'reporting' || held.confirmedAt >= tooOld || held.abort.signal.aborted) continue;
      observe({ kind: 'lease_lost', runId: held.claimed.entry.runId, workerId });
      end(held, 'lease_lost');
    }
  }, leaseMs / 12);
  return {
    beatSoon: () => beats.nudge(),
    stop: async () => {
      clearInterval(watchdog);
      await beats.stop();
    },
  };
};

const BEAT_GAP_MS = 100;

const noLaterThan = (everyMs: number): Backoff => ({
  pauseMsMin: Math.min(RETRIES.beat.pauseMsMin, everyMs),
  pauseMsMax: Math.min(RETRIES.beat.pauseMsMax, everyMs),
  jitter: RETRIES.beat.jitter,
});

/** Three missed beats, and half a minute at least, mean that nobody is there. */
const SILENT_MS = 30_000;

const beat = async (options: LeaseOptions): Promise<void> => {
  const { store, workerId, leaseMs, clock } = options;
  const began = clock();
  const asked = newestPerRun(options.held().filter((held) => !isForfeit(held)));
  if (asked.length === 0) return;
  const at = await store.now();
  const claims = asked.map(({ claimed }) => ({ runId: claimed.entry.runId, fence: claimed.fence }));
  const lost = new Set((await store.queue.beat({ workerId, held: claims, at, leaseMs })).lost);
  const isLost = ({ claimed }: Held): boolean => lost.has(claimed.entry.runId);
  // A late answer must not move the time back.
  for (const held of asked) if (!isLost(held)) held.confirmedAt = Math.max(held.confirmedAt, began);
  await dismiss(options, asked.filter(isLost));
};

/** After a long pause of this process a run can be held twice; only the newer lease can still be ours. */
const newestPerRun = (all: readonly Held[]): readonly Held[] =>
  all.filter(
    ({ claimed }) =>
      !all.some(
        (other) => other.claimed.entry.runId === claimed.entry.runId && other.claimed.fence > claimed.fence,
      ),
  );

/** Ends jobs that the database no longer counts as ours, and says why where it is known. */
const dismiss = async (options: LeaseOptions, lost: readonly Held[]): Promise<void> => {
  // A result that is being recorded releases its own lease; that is no loss.
  const live = lost.filter((held) => held.phase !== 'reporting');
  if (live.length === 0) return;
  const runs = await statusOf(options, live);
  for (const held of live) {
    const { runId } = held.claimed.entry;
    if (held.phase === 'reporting' || !options.held().includes(held)) continue;
    const cause = runs.get(runId)?.state.status === 'Canceled' ? 'canceled' : 'lease_lost';
    if (cause === 'lease_lost') options.observe({ kind: 'lease_lost', runId, workerId: options.workerId });
    end(held, cause);
  }
};

/** Only the wording of the end depends on it, so a fault here must not keep a job alive. */
const statusOf = async ({ store, observe }: LeaseOptions, lost: readonly Held[]) => {
  try {
    return await store.runs.find(lost.map(({ claimed }) => claimed.entry.runId));
  } catch (error) {
    observe({ kind: 'loop_faulted', loop: 'worker-beat', error });
    return new Map<string, never>();
  }
};

/** The worker's own row, at the rhythm of the beats however often those are nudged. */
const registration = ({ store, workerId, slots, clock, place }: LeaseOptions, everyMs: number) => {
  let dueAt = -Infinity;
  return async (): Promise<void> => {
    const now = clock();
    if (now < dueAt) return;
    const at = await store.now();
    const silentMs = Math.max(SILENT_MS, 3 * everyMs);
    await store.heartbeats.beat({ name: workerId, kind: 'worker', slots, at, everyMs, silentMs, place });
    dueAt = now + everyMs * 0.9;
  };
};

/** A database that does not answer at all must not stop the beats that come after. */
const within = async (beating: Promise<void>, ms: number): Promise<void> => {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Error(`no answer to a beat within ${ms} ms`)), ms);
  try {
    await Promise.race([beating, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
