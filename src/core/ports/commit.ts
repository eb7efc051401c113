import type { StoredEvent } from '../runs/event.ts';
import type { QueueChange, QueueEntry } from '../runs/queue-entry.ts';
import type { LiveRun } from '../runs/run.ts';
import type { Draft } from '../text/grammar/draft.ts';
import type { Instant } from '../time/instant.ts';
import type { Inbound } from './channel.ts';
import type { ScheduleChange } from './schedules.ts';
import type { Upkeep } from './upkeep.ts';

/**
 * Everything that one command changes, as a value. It is written in one transaction or not at all: a message never has
 * its effect without its mark, a state never changes without its event, nothing is owed to the outside that was rolled
 * back.
 */
export interface Commit {
  /** The message behind it; absent for what the program does on its own (deadlines, reports). */
  readonly once?: Once;
  readonly run?: RunChange;
  /** Records that belong to no run, for the `system` chain. */
  readonly records?: { readonly expectedSeq: number; readonly events: readonly StoredEvent[] };
  /** A worker's write: it counts only while this lease is held. */
  readonly lease?: HeldLease & { readonly after: 'keep' | 'release' };
  /** Somebody decides or starts something, which nobody can while everything is frozen. */
  readonly decides?: true;
  readonly queue: readonly QueueChange[];
  readonly outbox: readonly Draft[];
  readonly output?: OutputText;
  /** Gates, pauses, dead letters, people, tokens. */
  readonly upkeep?: readonly Upkeep[];
  /** Schedules that it moves on, and the occurrences that it settles. */
  readonly schedules?: readonly ScheduleChange[];
  readonly at: Instant;
}

export type Once =
  /** The inbox holds it already; this commit closes it. */
  | { readonly kind: 'mark'; readonly inboxId: number }
  /** A synchronous door: stored and closed in this very commit. */
  | {
      readonly kind: 'first';
      readonly channel: string;
      readonly account: string;
      readonly eventKey: string;
      readonly lane: string;
    };

export interface HeldLease {
  readonly runId: string;
  readonly fence: number;
  /** Whoever takes it for expired names the end that it saw: a beat that came since has moved it, and the lease lives. */
  readonly leaseUntil?: Instant;
}

export interface RunChange {
  readonly state: LiveRun;
  /** The `seq` of the newest event when the decision was made; 0 for a new run. */
  readonly expectedVersion: number;
  readonly events: readonly StoredEvent[];
}

export interface OutputText {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
}

/**
 * `seen_before`: the message was handled already. `stale_version`: somebody else changed the run first, or froze everything. `stale_lease`: the
 * lease is gone, or lives after all. `stale_schedule`: somebody else moved the schedule first. In all four nothing was written but the count of
 * what came again.
 */
export type CommitOutcome = 'committed' | 'seen_before' | 'stale_version' | 'stale_lease' | 'stale_schedule';

export interface PendingInbound {
  readonly inboxId: number;
  readonly inbound: Inbound;
  readonly receivedAt: Instant;
  /** Failed tries so far. */
  readonly attempts: number;
}

export type { Draft, QueueChange, QueueEntry };
