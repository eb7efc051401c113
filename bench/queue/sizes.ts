import { quick } from '../report.ts';

/** How much is measured; a smoke run only shows that it can be. */
export const SIZES = quick
  ? {
      jobs: 2000,
      many: 5000,
      capMs: 5000,
      singles: 500,
      batches: 2,
      pickups: 10,
      later: 2000,
      ready: 5000,
      urgents: 20,
      held: 3,
      past: [1000, 2000],
    }
  : {
      jobs: 10_000,
      many: 60_000,
      capMs: 8000,
      singles: 2000,
      batches: 5,
      pickups: 60,
      later: 100_000,
      ready: 100_000,
      urgents: 80,
      held: 10,
      past: [10_000, 100_000, 1_000_000],
    };

export const WARM_UP = 5;
export const BATCH = 1000;
export const IN_FLIGHT = 10;
