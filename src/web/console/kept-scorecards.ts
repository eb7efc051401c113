import { setTimeout as sleep } from 'node:timers/promises';
import type { Observe } from '../../core/ports/observe.ts';
import type { Running } from '../../core/ports/running.ts';
import type { Scorecard } from '../../core/scorecard/card.ts';
import type { ScoreWindow } from '../../core/scorecard/readings.ts';
import { within } from '../../loops/rest.ts';

/** The newest card over so many days, and what becomes of the next one. */
export interface KeptCard {
  readonly card?: Scorecard;
  /** `later`: another window is being looked at, and only one is at a time. */
  readonly next: 'none' | 'being made' | 'later' | 'failed';
}

export interface KeptScorecards extends Running {
  over(days: number): Promise<KeptCard>;
}

interface Making {
  readonly make: (window: ScoreWindow, rest: () => Promise<void>) => Promise<Scorecard>;
  readonly now: () => Promise<number>;
  readonly observe: Observe;
  /** How long somebody who opens the page waits for a card. */
  readonly waitMs?: number;
}

const DAY_MS = 86_400_000;
/** A card is made again when it is older than this and somebody asks. */
export const KEPT_MS = 10 * 60_000;
/** What failed is not tried again at once. */
const AGAIN_MS = 60_000;
/** A page answers before anybody takes it for broken; most installations need no longer. */
const WAIT_MS = 100;
/** The process has more to do than this. */
const REST_MS = 5;

/**
 * A card over a week with thousands of runs takes seconds, and no page takes that long: it shows the card that is there
 * and says how old it is, while the next one is made beside everything else.
 */
export const keptScorecards = ({ make, now, observe, waitMs = WAIT_MS }: Making): KeptScorecards => {
  const kept = new Map<number, Scorecard>();
  const failedAt = new Map<number, number>();
  const stopping = new AbortController();
  let making: { readonly days: number; readonly ended: Promise<void> } | undefined;
  const rest = (): Promise<void> => sleep(REST_MS, undefined, { signal: stopping.signal });
  const begin = (days: number, until: number): Promise<void> =>
    make({ since: until - days * DAY_MS, until }, rest)
      .then(
        (card) => void kept.set(days, card),
        (error: unknown) => {
          failedAt.set(days, until);
          if (!stopping.signal.aborted) observe({ kind: 'loop_faulted', loop: 'scorecard', error });
        },
      )
      .finally(() => {
        making = undefined;
      });
  const isOwing = (days: number, at: number): boolean =>
    at - (kept.get(days)?.until ?? -Infinity) >= KEPT_MS &&
    at - (failedAt.get(days) ?? -Infinity) >= AGAIN_MS;
  const nextOf = (days: number, at: number): KeptCard['next'] => {
    if (making?.days === days) return 'being made';
    if (isOwing(days, at)) return 'later';
    return (failedAt.get(days) ?? -Infinity) > (kept.get(days)?.until ?? -Infinity) ? 'failed' : 'none';
  };
  return {
    over: async (days) => {
      const at = await now();
      if (making === undefined && isOwing(days, at)) making = { days, ended: begin(days, at) };
      if (making?.days === days && !kept.has(days)) await within(waitMs, making.ended);
      const card = kept.get(days);
      return { ...(card === undefined ? {} : { card }), next: nextOf(days, at) };
    },
    stop: async () => {
      stopping.abort();
      await making?.ended;
    },
  };
};
