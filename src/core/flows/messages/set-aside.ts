import type { Observe } from '../../ports/observe.ts';
import { pauseMs } from '../../time/backoff.ts';
import type { Instant } from '../../time/instant.ts';
import { RETRIES } from '../../time/retries.ts';
import type { Executed } from '../runs/orchestrate.ts';

/** Whatever was let in again and did not come for so long is no row of the tick any more. */
const FORGET_MS = 60_000;

/**
 * Runs that a tick could not deal with. They are left out of its next pages for a while, so that a page of hopeless ones
 * neither hides the rest nor is tried over and over.
 */
export const setAside = (loop: string, observe: Observe) => {
  const rows = new Map<string, { readonly tries: number; readonly until: Instant }>();
  return {
    /** What has to be left out at that time. */
    at: (at: Instant): readonly string[] => {
      for (const [id, { until }] of rows) if (until + FORGET_MS < at) rows.delete(id);
      return [...rows].flatMap(([id, { until }]) => (until > at ? [id] : []));
    },
    /**
     * Does the work of one row and leaves a fault of it to nobody else. A row that is `left` may be another one's by now; one
     * that is left again is a fault.
     */
    attempt: async (id: string, at: Instant, work: () => Promise<'done' | 'left'>): Promise<void> => {
      const tries = (rows.get(id)?.tries ?? 0) + 1;
      try {
        if ((await work()) === 'done') {
          rows.delete(id);
          return;
        }
        if (tries > 1) throw new Error(`${id} is still there after ${tries} tries`);
      } catch (error) {
        observe({ kind: 'loop_faulted', loop, runId: id, error });
      }
      rows.set(id, { tries, until: at + pauseMs(RETRIES.row, tries) });
    },
  };
};

/** Whether a command of a tick moved its run. */
export const took = (executed: Executed): 'done' | 'left' =>
  executed.outcome === 'committed' && executed.decision.ok ? 'done' : 'left';
