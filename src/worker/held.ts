import type { AbortCause } from '../core/ports/executor.ts';
import type { Claimed, StoredRun } from '../core/ports/store.ts';

/** One claim in the hands of this worker, from the claim to the recorded result. */
export interface Held {
  readonly claimed: Claimed;
  readonly abort: AbortController;
  /** Local monotonic time. Taken before the database was asked, so it never lies after the lease was extended. */
  confirmedAt: number;
  /** `waiting`: for a slot. `reporting`: the job is over, only its result is still owed. */
  phase: 'starting' | 'waiting' | 'executing' | 'reporting';
  /** Local monotonic time at which the phase began. */
  since: number;
  /** What happens when the worker stops: `rerun` is handed back at once, `ask` may go on for a while. */
  onStop: 'rerun' | 'ask';
  /** The run as our own newest record left it. */
  stored?: StoredRun;
}

export const hold = (claimed: Claimed, confirmedAt: number): Held => ({
  claimed,
  abort: new AbortController(),
  confirmedAt,
  phase: 'starting',
  since: confirmedAt,
  onStop: 'ask',
});

/** The first cause counts. */
export const end = (held: Held, cause: AbortCause): void => held.abort.abort(cause);

/** The lease is gone, or nobody can say that it is not. */
export const isForfeit = ({ abort }: Held): boolean =>
  abort.signal.aborted && abort.signal.reason !== 'interrupted';
