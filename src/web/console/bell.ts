import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a wait before its time. */
export interface Bell {
  /** Waits for it, or for so long; several in a row are one. */
  rung(ms: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

type Forget = () => void;

/** Rings whenever one of these sources does. */
export const bellOf = (sources: readonly ((ring: () => void) => Forget | undefined)[]): Bell => {
  let ring: (() => void) | undefined;
  const forget = sources.map((source) => source(() => ring?.()));
  return {
    stop: () => {
      for (const one of forget) one?.();
    },
    rung: async (ms, signal) => {
      const over = new AbortController();
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      const late = sleep(ms, undefined, { signal: AbortSignal.any([over.signal, signal]), ref: false });
      await Promise.race([rung, late]).catch(() => undefined);
      over.abort();
      await late.catch(() => undefined);
      if (!signal.aborted) await sleep(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined);
    },
  };
};

/** One decision is several commits. */
const GATHER_MS = 150;
