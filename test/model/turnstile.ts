import { AsyncLocalStorage } from 'node:async_hooks';

/** Where several flows wait for the database, and a list of numbers says who goes next. */
export interface Turnstile {
  /** Inside `together` a call waits for its turn; outside it goes through. */
  readonly pass: <T>(call: () => Promise<T>) => Promise<T>;
  readonly together: <T>(
    acts: readonly (() => Promise<T>)[],
    order: readonly number[],
  ) => Promise<readonly T[]>;
}

/**
 * An interleaving as plain data: it shrinks, it can be kept as a fixed case, and it means the same on every database,
 * because no call goes before every flow is at its next one. (The scheduler of fast-check picks by chance of its own and
 * looks again after fifty promises; a call to a database takes longer.)
 */
export const turnstile = (): Turnstile => {
  const flow = new AsyncLocalStorage<number>();
  const waiting = new Map<number, () => Promise<unknown>>();
  return {
    pass: (call) => {
      const id = flow.getStore();
      if (id === undefined) return call();
      return new Promise((resolve, reject) => {
        const before = waiting.get(id);
        // A flow that asks for two things at once gets them one after the other.
        waiting.set(id, async () => {
          await before?.();
          await call().then(resolve, reject);
        });
      });
    },
    together: async (acts, order) => {
      const done = Promise.allSettled(acts.map((act, id) => flow.run(id, act)));
      for (let turn = 0; ; turn += 1) {
        await quiet();
        const ids = [...waiting.keys()].toSorted((a, b) => a - b);
        const id = ids[(order[turn % Math.max(1, order.length)] ?? 0) % Math.max(1, ids.length)];
        if (id === undefined) break;
        const call = waiting.get(id);
        waiting.delete(id);
        await call?.();
      }
      return (await done).map((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      });
    },
  };
};

/** The rules between two calls of the store are promises and nothing else, so then they have all been kept. */
const quiet = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
