import type { RetryPolicy } from '../jobs/job.ts';
import type { Instant } from '../time/instant.ts';

/** How often a run may lose its worker within one epoch before a person is asked even for an idempotent job. */
export const LOSSES_MAX = 3;

/**
 * When attempt `attempt + 1` may start: doubling from `delayMsMin`, at most `delayMsMax`, with full jitter above half, so
 * that a herd spreads and no retry comes at once. `chance` is in [0,1).
 */
export const nextAttemptAt = (
  policy: RetryPolicy,
  attempt: number,
  now: Instant,
  chance: number,
): Instant => {
  const ceiling = Math.min(policy.delayMsMax, policy.delayMsMin * 2 ** Math.min(attempt - 1, 30));
  return now + Math.round(ceiling / 2 + (ceiling / 2) * chance);
};
