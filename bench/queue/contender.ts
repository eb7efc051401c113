import type { Kind } from './queue-end.ts';
import type { RemoteEnd } from './remote-end.ts';

export type StoreKind = 'PostgreSQL' | 'SQLite' | 'Redis';

/** What a queue does not have, or what has to be known about it before it is measured. */
export type Trait = 'without priorities' | 'enqueue only' | 'slow by default';

/** A queue with one way of setting it up. */
export interface Contender {
  /** As the tables name it. */
  readonly name: string;
  /** The word for it on the command line. */
  readonly family: string;
  readonly store: StoreKind;
  readonly traits: readonly Trait[];
  /** After how long its documentation gives up a worker that died, where that is too long to wait for. */
  readonly recoversAfter?: string;
  open(filling?: Filling): Promise<Place>;
}

export interface Filling {
  /** Jobs that are due. */
  readonly ready?: number;
  readonly kind?: Kind;
  /** Jobs for a time that does not come while something is measured. */
  readonly later?: number;
  /** Runs of ours that ended before; only ours has a past. */
  readonly past?: number;
}

/** One queue with nothing of another measurement in it. */
export interface Place extends AsyncDisposable {
  readonly url: string;
  /** Whoever adds jobs: a process of its own. */
  producer(): Promise<RemoteEnd>;
  /** Whoever works on them: another one. */
  worker(order: WorkerOrder): Promise<Worker>;
  /** Puts caches and logs to rest before a clock starts. */
  settle(): Promise<void>;
  /** Throws unless exactly so many jobs are stored and wait. */
  assertQueued(count: number): Promise<void>;
  /** Throws unless exactly so many jobs were worked, each once and with everything that belongs to it. */
  assertWorked(count: number): Promise<void>;
}

export interface WorkerOrder {
  readonly slots: number;
  /** Jobs that there are to work. */
  readonly expected?: number;
  /** Which jobs somebody will ask about when they started. */
  readonly tell?: 'all' | 'urgent';
  /** Jobs that do not end. */
  readonly hold?: boolean;
}

/** Moments are wall-clock milliseconds. */
export interface Worker {
  /** When its first job started. */
  firstAt(): Promise<number>;
  /** When the expected number of jobs had been handled; storing may take longer. Undefined at once: it cannot say. */
  allHandled(): Promise<number | undefined>;
  /** When the last of the expected jobs had started; Infinity as long as some still wait. */
  ranOutAt(): Promise<number>;
  /** Jobs handled until now. */
  handled(): Promise<{ readonly count: number; readonly at: number }>;
  /** When that job started. */
  startedAt(id: string): Promise<number>;
  rssMb(): Promise<number>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}
