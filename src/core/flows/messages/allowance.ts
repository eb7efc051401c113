import type { Instant } from '../../time/instant.ts';

/** So many of something in so much time, for each key by itself. It lives as long as the process. */
export interface Allowance {
  /** False when there is none left; then nothing is taken. */
  readonly take: (key: string, at: Instant) => boolean;
  readonly left: (key: string, at: Instant) => number;
}

export const allowance = (count: number, ms: number): Allowance => {
  const taken = new Map<string, readonly Instant[]>();
  const recent = (key: string, at: Instant): readonly Instant[] =>
    (taken.get(key) ?? []).filter((time) => time > at - ms);
  return {
    take: (key, at) => {
      // Whoever was quiet is forgotten, so that the map holds nobody but the people of one span.
      for (const name of taken.keys()) if (recent(name, at).length === 0) taken.delete(name);
      const before = recent(key, at);
      if (before.length >= count) return false;
      taken.set(key, [...before, at]);
      return true;
    },
    left: (key, at) => count - recent(key, at).length,
  };
};
