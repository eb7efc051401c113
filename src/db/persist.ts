import { setTimeout as sleep } from 'node:timers/promises';
import { CommitUnknown, type Fault, StoreFault } from './fault.ts';

/** Whether an earlier try may have been committed without our hearing of it. */
export type After = 'clean' | 'unknown';

/**
 * Tries again what may be tried again, from its very start. `after` tells a try that an earlier one may have been
 * committed, so that it recognises its own work instead of guessing.
 */
export const persist = async <T>(
  attempt: (after: After) => Promise<T>,
  classify: (error: unknown) => Fault,
): Promise<T> => {
  const deadline = performance.now() + budgetMs;
  let after: After = 'clean';
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(after);
    } catch (error) {
      if (error instanceof CommitUnknown) after = 'unknown';
      const fault = error instanceof CommitUnknown ? 'connection' : classify(error);
      const hopeless = tries >= triesMax[fault] || performance.now() > deadline;
      if (hopeless) throw error instanceof StoreFault ? error : new StoreFault(fault, error);
      // Full jitter: those who collided must not meet again.
      await sleep(Math.random() * Math.min(pauseMsMax, pauseMsMin * 2 ** tries));
    }
  }
};

const budgetMs = 5_000;
const pauseMsMin = 5;
const pauseMsMax = 500;

/** A second look usually settles a collision of keys; a full disk does not get emptier. */
const triesMax: Readonly<Record<Fault, number>> = {
  busy: 60,
  serialization: 20,
  connection: 30,
  unique: 3,
  full: 1,
  other: 1,
};
