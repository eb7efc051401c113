import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `commit` in npm test, `full` in npm run chaos: the same races, more of them. */
    readonly chaosSize: 'commit' | 'full';
  }
}

export const sized = (commit: number, full: number): number =>
  inject('chaosSize') === 'full' ? full : commit;
