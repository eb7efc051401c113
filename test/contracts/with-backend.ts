import { test } from 'vitest';
import type { Backend } from './given.ts';

export type OpenBackend = () => Promise<Backend>;

/** A test with a fresh store of its own, closed whatever happens. */
export const lawsOf =
  (open: OpenBackend) =>
  (law: string, proof: (backend: Backend) => Promise<void>): void => {
    test(law, async () => {
      const backend = await open();
      try {
        await proof(backend);
      } finally {
        await backend.close();
      }
    });
  };
