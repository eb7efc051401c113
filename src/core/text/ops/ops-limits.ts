import type { OpsFigures } from './ops-figures.ts';

/**
 * From when on something is a problem. `/ops`, `/health` and the console use these, and the alerts of `deploy/prometheus` the
 * same ones, which a test compares. A worker alone differs: that three beats are missing is shown, and nobody is rung for a restart.
 */
export const OPS_LIMITS = {
  oldestReadyMs: 2 * 60_000,
  outboxAgeMs: 5 * 60_000,
  workerBeatMs: 30_000,
  scheduleLateMs: 60_000,
  /** Of the runs of an hour, once there are so many that a share means something: one lonely failure is none. */
  failedShare: 0.25,
  endedMin: 4,
  /** Below this the disk is nearly full. */
  freeMb: 1000,
  /** A nightly backup and two hours of patience. */
  backupAgeMs: 26 * 3_600_000,
} as const;

/** Workers that have been heard lately, and what they can run at the same time. */
export const workersUp = ({
  workers,
}: Pick<OpsFigures, 'workers'>): { readonly up: number; readonly slots: number } => {
  const alive = workers.filter(({ beatMsAgo }) => beatMsAgo <= OPS_LIMITS.workerBeatMs);
  return { up: alive.length, slots: alive.reduce((sum, { slots }) => sum + slots, 0) };
};

export const manyFailed = ({
  failedHour,
  endedHour,
}: Pick<OpsFigures, 'failedHour' | 'endedHour'>): boolean =>
  endedHour >= OPS_LIMITS.endedMin && failedHour > OPS_LIMITS.failedShare * endedHour;
