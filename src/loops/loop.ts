import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { Owed, Store } from '../core/ports/store.ts';
import { type Backoff, pauseMs } from '../core/time/backoff.ts';
import { RETRIES } from '../core/time/retries.ts';
import { rest } from './rest.ts';

export interface Loop extends Running {
  readonly stop: () => Promise<void>;
  /**
   * There may be something to do: look now and not only at the next turn. Many nudges during one tick make one more
   * tick. Latency only; the interval alone is always right.
   */
  readonly nudge: () => void;
}

/** Registers a loop, which then tells of every turn, and of its end. */
export type Pulse = (loop: string) => { readonly turned: () => void; readonly ended: () => void };

export interface LoopOptions {
  readonly name: string;
  /** Without a nudge, and as long as there is nothing to do. */
  readonly idleMs: number;
  /** Asked after a rest that nobody ended: a look that costs less than a tick, which false spares. Without it every rest ends in one. */
  readonly owed?: () => Promise<boolean>;
  /** Between two ticks, nudged or not. */
  readonly gapMs?: number;
  /** After faults in a row. */
  readonly retry?: Backoff;
  readonly observe: Observe;
  /** Is told of every turn without a fault. */
  readonly pulse?: Pulse;
  readonly tick: (signal: AbortSignal) => Promise<'busy' | 'idle'>;
}

/** For whoever may or may not have been given one. */
export const pulseOf = ({ pulse }: { readonly pulse?: Pulse }): { readonly pulse?: Pulse } =>
  pulse === undefined ? {} : { pulse };

export const owedOf = ({
  owed,
}: {
  readonly owed?: () => Promise<boolean>;
}): { readonly owed?: () => Promise<boolean> } => (owed === undefined ? {} : { owed });

/** Asks the look that all loops of a process share. */
export const owes = (store: Pick<Store, 'owed'>, what: Owed) => async (): Promise<boolean> =>
  (await store.owed()).has(what);

/** Ticks until stopped. A fault is noted, never fatal, and followed by a pause that no nudge shortens. */
export const startLoop = (options: LoopOptions): Loop => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { retry = RETRIES.loop } = options;
  const bell = newBell();
  const pulse = options.pulse?.(options.name);
  let faults = 0;
  let rested: 'enough' | 'cut_short' = 'cut_short';
  const once = async (): Promise<void> => {
    try {
      const spared = rested === 'enough' && (await options.owed?.()) === false;
      const found = spared ? 'idle' : await options.tick(signal);
      faults = 0;
      pulse?.turned();
      if (options.gapMs !== undefined) await rest(options.gapMs, signal);
      rested = found === 'idle' ? await bell.wait(options.idleMs, signal) : 'cut_short';
    } catch (error) {
      rested = 'cut_short';
      options.observe({ kind: 'loop_faulted', loop: options.name, error });
      faults += 1;
      await rest(pauseMs(retry, faults), signal);
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
      pulse?.ended();
    },
  };
};

/** A bell that remembers: rung while nobody waits, it ends the next wait at once. */
const newBell = () => {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: (): void => {
      rung = true;
      wake?.();
    },
    wait: async (ms: number, signal: AbortSignal): Promise<'enough' | 'cut_short'> => {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          // Rung thousands of times a second when there is much to do; an AbortController for each would show.
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        if (wake !== undefined) signal.removeEventListener('abort', wake);
        wake = undefined;
      }
      const how = rung ? 'cut_short' : 'enough';
      rung = false;
      return how;
    },
  };
};
