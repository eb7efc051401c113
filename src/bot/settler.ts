import type { Observe } from '../core/ports/observe.ts';
import type { IOutbox, Settlement } from '../core/ports/store.ts';
import { pauseMs } from '../core/time/backoff.ts';
import { RETRIES } from '../core/time/retries.ts';
import { rest } from '../loops/rest.ts';

export interface SettlerParts {
  readonly outbox: Pick<IOutbox, 'settle'>;
  readonly owner: string;
  readonly now: () => Promise<number>;
  readonly observe: Observe;
}

export interface Settler {
  /** Resolves when it is stored. */
  add(settlement: Settlement): Promise<void>;
  /** Ends the patience with a database that does not answer; what is not stored then counts as ambiguous later. */
  giveUp(): void;
}

/** Whatever ended while the last transaction ran goes into the next one together. */
export const createSettler = ({ outbox, owner, now, observe }: SettlerParts): Settler => {
  const givingUp = new AbortController();
  let waiting: readonly Settlement[] = [];
  let next: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    // The first of a new batch waits one turn for company.
    await Promise.resolve();
    const batch = waiting;
    waiting = [];
    next = undefined;
    await stored(batch);
  };
  const stored = async (batch: readonly Settlement[]): Promise<void> => {
    for (let tries = 1; !givingUp.signal.aborted; tries += 1) {
      try {
        await outbox.settle(batch, await now(), owner);
        return;
      } catch (error) {
        observe({ kind: 'loop_faulted', loop: 'sender settlement', error });
        await rest(pauseMs(RETRIES.settlement, tries), givingUp.signal);
      }
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    add: (settlement) => {
      waiting = [...waiting, settlement];
      if (next === undefined) {
        next = last.then(flush);
        last = next;
      }
      return next;
    },
    giveUp: () => givingUp.abort(),
  };
};
