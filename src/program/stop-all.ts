import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';

/** Ends everything in the opposite order of its start. One that fails to end does not keep the others from ending. */
export const stopAll = async (running: readonly Running[], observe: Observe): Promise<void> => {
  for (const part of running.toReversed()) {
    try {
      await part.stop();
    } catch (error) {
      observe({ kind: 'loop_faulted', loop: 'stop', error });
    }
  }
};
