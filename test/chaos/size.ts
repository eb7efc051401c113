import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `commit` in npm test, `full` in npm run chaos: the same races, more of them. */
    readonly chaosSize: 'commit' | 'full';
  }
}

export const sized = (commit: number, full: number): number =>
  inject('chaosSize') === 'full' ? full : commit;

/** Spreads moments over a race; the same in every run, as far as the machine allows. */
export const moments = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
