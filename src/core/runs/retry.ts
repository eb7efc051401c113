import type { RetryPolicy } from '../jobs/job.ts';
import { pauseMs } from '../time/backoff.ts';
import type { Instant } from '../time/instant.ts';
import { RETRIES } from '../time/retries.ts';

/** How often a run may lose its worker within one epoch before a person is asked even for an idempotent job. */
export const LOSSES_MAX = RETRIES.lost.triesMax;

/** When attempt `attempt + 1` may start. `chance` is in [0,1). */
export const nextAttemptAt = (
  policy: RetryPolicy,
  attempt: number,
  now: Instant,
  chance: number,
): Instant => {
  const { delayMsMin, delayMsMax } = policy;
  return now + pauseMs({ pauseMsMin: delayMsMin, pauseMsMax: delayMsMax, jitter: 'half' }, attempt, chance);
};
