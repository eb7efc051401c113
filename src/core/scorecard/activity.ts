import type { Act } from './trace.ts';

/** Who does nothing for longer than this has turned to something else. */
const GAP_MS = 5 * 60_000;
/** What even a single act takes. */
const ACT_MS = 30_000;

/** How long people were busy: of each, the spans of acts that follow on one another, and a little for every span. */
export const activeMs = (acts: readonly Act[]): number => {
  let total = 0;
  for (const own of Map.groupBy(acts, ({ who }) => who).values()) {
    const times = own.map(({ at }) => at).toSorted((a, b) => a - b);
    let last: number | undefined;
    for (const at of times) {
      const goesOn = last !== undefined && at - last <= GAP_MS;
      total += goesOn && last !== undefined ? at - last : ACT_MS;
      last = at;
    }
  }
  return total;
};
