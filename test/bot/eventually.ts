import { setTimeout as sleep } from 'node:timers/promises';

const DEADLINE_MS = 5000;

/** The first value that is neither undefined nor false; looks again until the deadline. */
export const eventually = async <T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> => {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`did not happen in ${deadlineMs} ms: ${String(look)}`);
    await sleep(5);
  }
};
