import type { Rooms } from '../core/flows/messages/heard.ts';
import type { Running } from '../core/ports/running.ts';
import { type Pulse, pulseOf } from '../loops/loop.ts';
import { rest } from '../loops/rest.ts';
import { type Claims, startClaims } from './claims.ts';
import type { Executors } from './execute.ts';
import { forecast } from './forecast.ts';
import { end, type Held } from './held.ts';
import { keepLeases } from './leases.ts';
import type { ProgressPace } from './progress.ts';
import { slotsOf } from './slots.ts';
import { work } from './work.ts';

export interface WorkerOptions {
  readonly rooms: Rooms;
  readonly executors: Executors;
  /** Unique among the workers that are alive. */
  readonly workerId: string;
  /** Jobs at the same time. */
  readonly slots: number;
  readonly leaseMs: number;
  /** Where this process lives, for whoever can tell from there that it is gone. */
  readonly place?: string;
  readonly secretOf: (name: string) => string | undefined;
  readonly progress?: ProgressPace;
  readonly pulse?: Pulse;
  /** How often the queue is looked at without being woken; entries that become due later are found by it alone. */
  readonly pollMs?: number;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

export interface Worker extends Running {
  /** Look at the queue now. */
  nudge(): void;
  /** Nothing is in hand, and the last look found nothing. */
  idle(): boolean;
  /** Takes nothing more; jobs finish or are handed back. Over within the deadline. */
  stop(deadlineMs?: number): Promise<void>;
}

/** Claims what is due, up to its slots, and runs it under leases. */
export const startWorker = (options: WorkerOptions): Worker => {
  const { rooms, workerId, slots, leaseMs } = options;
  const { store, observe } = rooms;
  const clock = options.clock ?? (() => performance.now());
  const over = new AbortController();
  const shared = { store, workerId, slots, leaseMs, clock, observe, place: options.place ?? '' };
  const seen = forecast();
  const claims = startClaims({
    ...shared,
    forecast: seen,
    ...pulseOf(options),
    pollMs: options.pollMs ?? POLL_MS,
    work: work({
      ...options,
      slots: slotsOf(slots),
      forecast: seen,
      progress: options.progress ?? PROGRESS,
      clock,
      over: over.signal,
    }),
  });
  const leases = keepLeases({ ...shared, held: () => [...claims.jobs.keys()] });
  const forget = store.onWake((what) => {
    if (what === 'queue') claims.nudge();
    // The answer to a beat tells which of our leases are gone.
    if (what === 'leases') leases.beatSoon();
  });
  const stop = async (deadlineMs: number): Promise<void> => {
    await claims.stop();
    await handBack(claims.jobs, deadlineMs);
    over.abort();
    noteUnfinished(options, claims);
    forget();
    await leases.stop();
    await store.heartbeats.leave(workerId).catch((error: unknown) => {
      observe({ kind: 'loop_faulted', loop: 'worker-leave', error });
    });
  };
  let stopped: Promise<void> | undefined;
  return {
    nudge: () => claims.nudge(),
    idle: () => claims.idle(),
    stop: (deadlineMs = STOP_MS) => (stopped ??= stop(deadlineMs)),
  };
};

const PROGRESS: ProgressPace = { firstMs: 1000, everyMs: 5000 };
const POLL_MS = 500;
const STOP_MS = 15_000;

/**
 * A short job may end by itself. What may be started again is handed back after a tenth of the time; what would have to
 * ask a person goes on for seven tenths of it, which leaves time to end it. A job that survives even its end keeps its lease, which then runs out.
 */
const handBack = async (jobs: Claims['jobs'], deadlineMs: number): Promise<void> => {
  const done = new AbortController();
  const interrupt = async (afterMs: number, which: readonly Held['onStop'][]): Promise<void> => {
    await rest(afterMs, done.signal);
    for (const held of jobs.keys()) if (which.includes(held.onStop)) end(held, 'interrupted');
  };
  const steps = [interrupt(deadlineMs * 0.1, ['rerun']), interrupt(deadlineMs * 0.7, ['rerun', 'ask'])];
  await Promise.race([Promise.all(jobs.values()), rest(deadlineMs, done.signal)]);
  done.abort();
  await Promise.all(steps);
};

const noteUnfinished = ({ rooms, workerId }: WorkerOptions, { jobs }: Claims): void => {
  for (const { claimed } of jobs.keys()) {
    const { runId } = claimed.entry;
    const why = 'it did not end before the worker stopped';
    rooms.observe({ kind: 'report_refused', runId, workerId, why });
  }
};
