import type { Instant } from '../time/instant.ts';

/** What a run's own events do to its dead letter. */
export type RunLetter =
  /** It failed for good. */
  | {
      readonly kind: 'bury';
      readonly runId: string;
      readonly jobKey: string;
      readonly epoch: number;
      readonly attempt: number;
      readonly error: string;
    }
  /** It was recovered, on whatever way. */
  | { readonly kind: 'unbury'; readonly runId: string; readonly by: string };

export interface LetterRef {
  readonly kind: 'job' | 'inbound' | 'outbound';
  readonly id: number;
}

/** Something given up on and not yet dealt with. */
export interface DeadLetter extends LetterRef {
  /** The run, the lane it came in on, or the address it should go to. */
  readonly about: string;
  readonly runId?: string;
  readonly jobKey?: string;
  readonly attempts: number;
  readonly error: string;
  readonly at: Instant;
  /** Why it cannot be replayed: nobody can read it, or the card shows a state that is over. */
  readonly hindrance?: 'unreadable' | 'outdated';
}
