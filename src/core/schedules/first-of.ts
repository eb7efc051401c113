import type { Instant } from '../time/instant.ts';

/** The first of many occurrences, `count` at most. */
export const firstOf = (occurrences: Iterable<Instant>, count: number): readonly Instant[] => {
  const found: Instant[] = [];
  for (const occurrence of occurrences) {
    if (found.push(occurrence) >= count) break;
  }
  return found;
};
