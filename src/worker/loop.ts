import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../core/flows/loop.ts';
import type { Observe } from '../core/ports/observe.ts';

export interface Loop extends Running {
  /** Look now instead of at the next turn; many nudges during one tick make one more tick. */
  nudge(): void;
}

export interface LoopOptions {
  readonly name: string;
  /** Without a nudge, and as long as there is nothing to do. */
  readonly idleMs: number;
  /** Between two ticks, nudged or not. */
  readonly gapMs?: number;
  /** Doubles from here with every fault in a row. */
  readonly faultMs: number;
  readonly faultMsMax: number;
  readonly observe: Observe;
  readonly tick: () => Promise<'busy' | 'idle'>;
}

/** Ticks until stopped. A fault is noted, never fatal, and followed by a pause that no nudge shortens. */
export const startLoop = (options: LoopOptions): Loop => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = nudges();
  let faults = 0;
  const once = async (): Promise<void> => {
    try {
      const found = await options.tick();
      faults = 0;
      if (options.gapMs !== undefined) await rest(options.gapMs, signal);
      if (found === 'idle') await bell.wait(options.idleMs, signal);
    } catch (error) {
      options.observe({ kind: 'loop_faulted', loop: options.name, error });
      await rest(Math.min(options.faultMsMax, options.faultMs * 2 ** Math.min(faults, 20)), signal);
      faults += 1;
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) await once();
  };
  const done = loop();
  return {
    nudge: bell.ring,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};

/** Waits, or returns at once when the signal is raised. */
export const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
  // The only way this timer rejects is the abort, which is not a fault here.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
};

/** A bell that remembers: rung while nobody waits, it ends the next wait at once. */
const nudges = () => {
  let rung = false;
  let waiting: AbortController | undefined;
  return {
    ring: (): void => {
      rung = true;
      waiting?.abort();
    },
    wait: async (ms: number, signal: AbortSignal): Promise<void> => {
      if (!rung) {
        waiting = new AbortController();
        await rest(ms, AbortSignal.any([signal, waiting.signal]));
        waiting = undefined;
      }
      rung = false;
    },
  };
};
