import { SEAL_LOOK_MS, type sealHistory } from '../core/flows/history/seal-history.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import { RETRIES } from '../core/time/retries.ts';
import { type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { within } from '../loops/rest.ts';

export interface SealingOptions {
  readonly seal: ReturnType<typeof sealHistory>;
  readonly observe: Observe;
  readonly pulse?: Pulse;
}

/** The last seal of a process may take so long. */
const STOP_MS = 1000;
/** Between two seals when there is much to do, so that the others get to write. */
const GAP_MS = 20;

/** Seals when it is due, and once more when the process ends: what it did must not wait for the next one. */
export const startSealing = (options: SealingOptions): Running => {
  const { seal, observe } = options;
  const loop = startLoop({
    name: 'seal-history',
    tick: () => seal('when_due'),
    idleMs: SEAL_LOOK_MS,
    gapMs: GAP_MS,
    retry: RETRIES.seal,
    observe,
    ...pulseOf(options),
  });
  return {
    stop: async () => {
      await loop.stop();
      await within(STOP_MS, seal('now'));
    },
  };
};
