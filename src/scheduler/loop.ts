import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../core/flows/loop.ts';
import type { Observe } from '../core/ports/observe.ts';

export interface LoopOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly observe: Observe;
  readonly tick: () => Promise<'busy' | 'idle'>;
}

/** Ticks until stopped, at once again as long as there is more to do. A fault is noted and followed by longer pauses. */
export const startLoop = ({ name, everyMs, observe, tick }: LoopOptions): Running => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let faults = 0;
  const once = async (): Promise<void> => {
    try {
      const found = await tick();
      faults = 0;
      if (found === 'idle') await rest(everyMs, signal);
    } catch (error) {
      faults += 1;
      observe({ kind: 'loop_faulted', loop: name, error });
      await rest(Math.min(PAUSE_MS_MAX, everyMs * 2 ** Math.min(faults, 20)), signal);
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) await once();
  };
  const done = loop();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};

const PAUSE_MS_MAX = 30_000;

/** Waits, or returns at once when asked to stop; the abort is the only way this timer rejects. */
const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};
