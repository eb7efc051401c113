import { seeded } from '../seeded.ts';

/** What happens next in a random history; the same for the same seed. */
export const dice = (seed: number) => {
  const chance = seeded(seed);
  const below = (n: number): number => Math.floor(chance() * n);
  const among = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0];
  return {
    below,
    among,
    /** One of those that there are, if there is any. */
    anyOf: <T>(items: readonly T[]): T | undefined => items[below(items.length)],
    isRare: (): boolean => chance() < 0.2,
    some: <T>(items: readonly T[]): readonly T[] => items.filter(() => chance() < 0.5),
  };
};

export type Dice = ReturnType<typeof dice>;
