import type { RemoteEnd } from './remote-end.ts';

export type StoreKind = 'PostgreSQL' | 'SQLite' | 'Redis';

/** A queue with one way of setting it up. */
export interface Contender {
  /** As the tables name it. */
  readonly name: string;
  /** The word for it on the command line. */
  readonly family: string;
  readonly store: StoreKind;
  /** An empty queue, or one that is already filled with ready jobs. */
  open(filled?: number): Promise<Place>;
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
  /** Throws unless exactly so many jobs were worked, each once and with everything that belongs to it. */
  verify(count: number): Promise<void>;
}

export interface WorkerOrder {
  readonly slots: number;
  /** Jobs that there are to work. */
  readonly expected?: number;
  /** Whether somebody will ask when a certain job started. */
  readonly tell?: boolean;
  /** Jobs that never end. */
  readonly hold?: boolean;
}

export interface Worker {
  /** When its first job started, wall clock. */
  firstAt(): Promise<number>;
  /** When the expected number of jobs has been handled, as far as the worker can say; storing may take longer. */
  allHandled(): Promise<void>;
  /** Jobs handled until now. */
  handled(): Promise<{ readonly count: number; readonly at: number }>;
  /** When that job started. */
  startedAt(id: string): Promise<number>;
  rssMb(): Promise<number>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}
