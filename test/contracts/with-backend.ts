import { test } from 'vitest';
import type { Backend } from './given.ts';

export type OpenBackend = () => Promise<Backend>;

/** A test with a fresh store of its own, closed whatever happens. */
export const lawsOf =
  <B extends Backend>(open: () => Promise<B>) =>
  (law: string, proof: (backend: B) => Promise<void>, timeout?: number): void => {
    // oxlint-disable-next-line vitest/valid-title -- the words of the law are the title
    test(law, timeout === undefined ? {} : { timeout }, async () => {
      const backend = await open();
      try {
        await proof(backend);
      } finally {
        await backend.close();
      }
    });
  };
