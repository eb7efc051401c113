/** Seconds. Every limit and every figure that somebody is measured by is an edge, so that no share is a guess. */
export const BUCKETS = {
  handling: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  approval: [5, 15, 30, 60, 90, 120, 300, 900, 1800, 3600, 14_400, 86_400],
  dispatch: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90, 300],
  duration: [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200],
  query: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  /** Attempts, not seconds. */
  attempts: [1, 2, 3, 5, 8, 13],
} as const;
