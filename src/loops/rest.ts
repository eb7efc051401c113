import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns at once when the signal is raised. The platform timer removes its own listener. */
export const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
  // The only way this timer rejects is the abort, which is not a fault here.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};

/** True when the work ended before the deadline. */
export const within = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  const late = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const outcome = await Promise.race([ended, rest(ms, late.signal).then(() => false)]);
  late.abort();
  return outcome;
};

/** Does the work with a signal that ends with the deadline or with `outer`; nothing of it stays behind afterwards. */
export const limited = async <T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const timer = setTimeout(end, ms);
  outer.addEventListener('abort', end);
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
};
