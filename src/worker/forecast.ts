/** How long jobs take, as far as this worker has seen; what it knows decides how far it may work ahead. */
export interface Forecast {
  note(jobKey: string, tookMs: number): void;
  /** Whether a job of this name has always been over in a moment, so that it may be begun ahead of its turn. */
  isQuick(jobKey: string): boolean;
  /** How many entries may be in hand beyond those that execute: so many as are over within `AHEAD_MS`. */
  ahead(slots: number): number;
}

/** So much work may wait in the hands of one worker: what it holds when it dies is late by a lease. */
export const AHEAD_MS = 20;
const AHEAD_MAX = 256;
/** Of a new measurement. */
const WEIGHT = 0.1;
const JOBS_MAX = 1000;

export const forecast = (): Forecast => {
  const byJob = new Map<string, number>();
  let overall: number | undefined;
  return {
    note: (jobKey, tookMs) => {
      overall = averaged(overall, tookMs);
      if (byJob.size >= JOBS_MAX) byJob.clear();
      byJob.set(jobKey, averaged(byJob.get(jobKey), tookMs));
    },
    isQuick: (jobKey) => (byJob.get(jobKey) ?? AHEAD_MS) < AHEAD_MS / 10,
    ahead: (slots) =>
      overall === undefined
        ? 0
        : Math.min(AHEAD_MAX, Math.floor((slots * AHEAD_MS) / Math.max(overall, 0.01))),
  };
};

/** A slow job counts by its length; one that only lost the machine for a moment is soon forgotten. */
const averaged = (before: number | undefined, now: number): number =>
  before === undefined ? now : before + (now - before) * WEIGHT;
