import type { Instant } from '../time/instant.ts';

/** The queue compares numbers, so no limit is a number that is never reached. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

export interface QueueEntry {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly jobKey: string;
  readonly priority: number;
  /** Runs of the job that may execute at the same time; `UNLIMITED` when there is no limit. */
  readonly concurrency: number;
  readonly notBefore: Instant;
  /** The newest fence of the run; a claim hands out the next. */
  readonly fence: number;
}

export type QueueChange =
  | { readonly op: 'add'; readonly entry: QueueEntry }
  /** Takes the run out of the queue and ends its lease, whichever there is. */
  | { readonly op: 'remove'; readonly runId: string };
