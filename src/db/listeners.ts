import type { Wake } from '../core/ports/store.ts';

/** Who wants to be woken inside this process. */
export const wakeListeners = () => {
  const listeners = new Set<(what: Wake) => void>();
  return {
    tell: (what: Wake): void => {
      for (const listener of listeners) listener(what);
    },
    add: (listener: (what: Wake) => void): (() => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};
