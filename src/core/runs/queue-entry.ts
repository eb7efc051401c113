import type { Instant } from '../time/instant.ts';

/** The queue compares numbers, so no limit is a number that is never reached. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/**
 * The fence that the next claim of a run continues. A lease under which nothing started leaves no trace once its run is
 * taken out of the queue; that ends the epoch, so every epoch begins above whatever the one before may have handed out.
 */
export const fenceOf = ({ epoch, fence }: { readonly epoch: number; readonly fence: number }): number =>
  Math.max(fence, (epoch - 1) * FENCES_OF_AN_EPOCH);

/** More claims than one epoch can ever see. */
const FENCES_OF_AN_EPOCH = 1_000_000_000;

export interface QueueEntry {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly jobKey: string;
  readonly priority: number;
  /** Runs of the job that may execute at the same time; `UNLIMITED` when there is no limit. */
  readonly concurrency: number;
  readonly notBefore: Instant;
  /** No claim of this run has been given a larger one; the next claim is. */
  readonly fence: number;
}

export type QueueChange =
  | { readonly op: 'add'; readonly entry: QueueEntry }
  /** Takes the run out of the queue and ends its lease, whichever there is. */
  | { readonly op: 'remove'; readonly runId: string };
