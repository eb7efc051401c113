import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../core/flows/loop.ts';
import type { Observe } from '../core/ports/observe.ts';

export interface Loop extends Running {
  readonly stop: () => Promise<void>;
  /** There may be something to do: the next tick comes at once. Latency only; the interval alone is always right. */
  readonly nudge: () => void;
}

export interface LoopParts {
  readonly name: string;
  readonly idleMs: number;
  readonly observe: Observe;
  readonly tick: (signal: AbortSignal) => Promise<'busy' | 'idle'>;
}

/** Ticks until stopped; a tick says whether it found something. One fault is noted, never fatal. */
export const startLoop = ({ name, idleMs, observe, tick }: LoopParts): Loop => {
  const stopping = new AbortController();
  let waking = new AbortController();
  const once = async (): Promise<'busy' | 'idle'> => {
    try {
      return await tick(stopping.signal);
    } catch (error) {
      observe({ kind: 'loop_faulted', loop: name, error });
      // A fault is followed by a whole rest, however many nudges came meanwhile.
      if (!stopping.signal.aborted) waking = new AbortController();
      return 'idle';
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if ((await once()) === 'busy') continue;
      await rest(idleMs, waking.signal);
      waking = new AbortController();
    }
  };
  const done = loop();
  return {
    nudge: () => waking.abort(),
    stop: async () => {
      stopping.abort();
      waking.abort();
      await done;
    },
  };
};

/** Waits, or wakes at once when asked to. The platform timer removes its own listener. */
export const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

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
