import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, pauseMs } from '../../core/time/backoff.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { CommitUnknown, type Fault, StoreFault } from '../fault.ts';

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
  const began = performance.now();
  let after: After = 'clean';
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(after);
    } catch (error) {
      if (error instanceof CommitUnknown) after = 'unknown';
      const fault = error instanceof CommitUnknown ? 'connection' : classify(error);
      const row = ROWS[fault];
      const hopeless = row === undefined || tries >= row.triesMax || performance.now() > began + row.budgetMs;
      if (hopeless) throw error instanceof StoreFault ? error : new StoreFault(fault, error);
      // By chance: those who collided must not meet again.
      await sleep(pauseMs(row, tries, Math.random()));
    }
  }
};

type Row = Backoff & { readonly triesMax: number; readonly budgetMs: number };

/** A second look usually settles a collision of keys; a full disk does not get emptier. */
const ROWS: Readonly<Record<Fault, Row | undefined>> = {
  busy: RETRIES.databaseBusy,
  serialization: RETRIES.databaseUndone,
  connection: RETRIES.databaseGone,
  unique: RETRIES.databaseTaken,
  full: undefined,
  other: undefined,
};
