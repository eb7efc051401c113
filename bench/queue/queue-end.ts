/** One job, as every queue can be asked for it. */
export interface Wanted {
  readonly id: string;
  readonly kind?: Kind;
  readonly laterMs?: number;
}

/** What sets a job apart: it comes first, after all others, or it takes its time where the queue's own worker is asked. */
export type Kind = 'urgent' | 'low' | 'held';

/** One process's end of a queue: ours and every peer's look like this, so that all are driven by the same loops. */
export interface QueueEnd {
  /** Whatever has to be there before somebody can be asked for a job: waiting runs of ours, nothing of a peer. */
  prepare?(count: number, kind?: Kind): Promise<void>;
  /** Resolves when the job is stored as its queue stores it. */
  add(job: Wanted): Promise<StoredJob>;
  /** Many at once, by the means that the queue has for it. */
  addMany(jobs: readonly Wanted[]): Promise<void>;
  /** Hands jobs to the handler from now on, so many at the same time. Ours is worked by its own program instead. */
  work?(slots: number, handle: (id: string) => Promise<void> | undefined): Promise<void>;
  /** How near the end is: jobs wait, only their completions are still to be stored, or nothing is left. */
  left(): Promise<'waiting' | 'closing' | 'nothing'>;
  /** Jobs still to be worked, and those that are done where the queue keeps them. Ours is counted from outside. */
  counts?(): Promise<{ readonly undone: number; readonly done?: number }>;
  close(): Promise<void>;
}

export interface StoredJob {
  /** What the worker will call it. */
  readonly id: string;
}

/** `default`: as its documentation begins. Other words are named where the peer is opened. */
export type Tuning = string;

export interface QueueModule {
  readonly open: (url: string, tuning: Tuning) => Promise<QueueEnd>;
}

/** Wall-clock milliseconds with fractions: the same clock in every process of this machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
