import type { Instant } from '../time/instant.ts';

/** The first of many occurrences, `count` at most. */
export const firstOf = (occurrences: Iterable<Instant>, count: number): readonly Instant[] => {
  const found: Instant[] = [];
  for (const occurrence of occurrences) {
    if (found.push(occurrence) >= count) break;
  }
  return found;
};

/** The first one that has no outcome yet: what was settled ahead, or before a clock was put back, stays settled. */
export const firstOpen = (
  occurrences: Iterable<Instant>,
  settled: readonly Instant[],
): Instant | undefined => {
  for (const occurrence of occurrences) if (!settled.includes(occurrence)) return occurrence;
  return undefined;
};
