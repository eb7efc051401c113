/** Places to execute in. Whoever waits gets one in the order of urgency, and of coming among the equally urgent. */
export interface Slots {
  /** Answers how to give the place back, or undefined when the signal was raised first. */
  take(priority: number, signal: AbortSignal): Promise<(() => void) | undefined>;
}

export const slotsOf = (size: number): Slots => {
  let free = size;
  const queue: Waiting[] = [];
  const release = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next.admit(once(release));
  };
  return {
    take: (priority, signal) => {
      if (signal.aborted) return Promise.resolve(undefined);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(once(release));
      }
      return new Promise((resolve) => {
        const leave = (): void => {
          queue.splice(queue.indexOf(waiting), 1);
          resolve(undefined);
        };
        const waiting: Waiting = {
          priority,
          admit: (place) => {
            signal.removeEventListener('abort', leave);
            resolve(place);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        const behind = queue.findIndex((other) => other.priority < priority);
        queue.splice(behind === -1 ? queue.length : behind, 0, waiting);
      });
    },
  };
};

interface Waiting {
  readonly priority: number;
  readonly admit: (place: () => void) => void;
}

/** A place that is given back twice is still one place. */
const once = (act: () => void): (() => void) => {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
};
