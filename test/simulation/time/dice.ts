/** Chance that can be repeated: the same seed gives the same throws, on every machine. */
export interface Dice {
  /** In [0,1). */
  readonly next: () => number;
  /** A whole number from 0 to `count - 1`. */
  readonly below: (count: number) => number;
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T | undefined;
  /** By weight; a weight of 0 is never taken. */
  readonly weighted: <T>(list: readonly (readonly [weight: number, value: T])[]) => T;
  /** Dice of their own for one concern, so that a throw more in one place changes nothing in another. */
  readonly fork: (concern: string) => Dice;
}

export const diceOf = (seed: number): Dice => diceFrom(seed >>> 0);

const diceFrom = (start: number): Dice => {
  let state = start;
  // mulberry32: 32 bits of state, which is enough for worlds that throw some ten thousand times.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)],
    weighted: (list) => {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      throw new Error('nothing in this list has a weight');
    },
    fork: (concern) => diceFrom(mixedWith(start, concern)),
  };
};

const mixedWith = (start: number, concern: string): number => {
  let mixed = start ^ 0x811c9dc5;
  for (let at = 0; at < concern.length; at += 1) {
    mixed = Math.imul(mixed ^ concern.charCodeAt(at), 0x01000193);
  }
  return mixed >>> 0;
};
