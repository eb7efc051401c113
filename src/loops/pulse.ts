import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { IHeartbeats } from '../core/ports/store.ts';
import { type Pulse, startLoop } from './loop.ts';

export interface PulseOptions {
  readonly heartbeats: Pick<IHeartbeats, 'beatAll' | 'leave'>;
  readonly now: () => Promise<number>;
  /** Different for every process and every start. */
  readonly instance: string;
  readonly observe: Observe;
  readonly everyMs?: number;
}

const EVERY_MS = 10_000;
/** After so long without a turn somebody should look at a loop. */
const SILENT_MS = 300_000;

/**
 * Beats for the loops of one process, all in one write. Only a loop that has turned without a fault since the last write
 * beats, so one that hangs or fails falls silent although its process lives.
 */
export const startPulse = (options: PulseOptions): Running & { readonly pulse: Pulse } => {
  const { heartbeats, now, instance, observe, everyMs = EVERY_MS } = options;
  const known = new Set<string>();
  const turned = new Set<string>();
  const nameOf = (loop: string): string => `${loop}@${instance}`;
  /** Nobody has to miss a loop that was ended on purpose. */
  const left = new Set<string>();
  const leave = async (): Promise<void> => {
    for (const loop of left) {
      await heartbeats.leave(nameOf(loop));
      left.delete(loop);
    }
  };
  const beats = startLoop({
    name: 'heartbeats',
    idleMs: everyMs,
    observe,
    tick: async () => {
      const loops = ['heartbeats', ...turned];
      turned.clear();
      const at = await now();
      const beat = { kind: 'loop', slots: 0, everyMs, silentMs: SILENT_MS, at } as const;
      await heartbeats.beatAll(loops.map((loop) => ({ name: nameOf(loop), ...beat })));
      await leave();
      return 'idle';
    },
  });
  return {
    pulse: (loop) => {
      known.add(loop);
      left.delete(loop);
      turned.add(loop);
      return {
        turned: () => void turned.add(loop),
        ended: () => {
          known.delete(loop);
          turned.delete(loop);
          left.add(loop);
        },
      };
    },
    stop: async () => {
      await beats.stop();
      for (const loop of ['heartbeats', ...known]) left.add(loop);
      await leave();
    },
  };
};
