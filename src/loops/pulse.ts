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
  const beats = startLoop({
    name: 'heartbeats',
    idleMs: everyMs,
    observe,
    tick: async () => {
      const names = ['heartbeats', ...turned];
      turned.clear();
      const at = await now();
      await heartbeats.beatAll(
        names.map((loop) => ({
          name: `${loop}@${instance}`,
          kind: 'loop',
          slots: 0,
          everyMs,
          silentMs: SILENT_MS,
          at,
        })),
      );
      return 'idle';
    },
  });
  return {
    pulse: (loop) => {
      known.add(loop);
      turned.add(loop);
      return () => void turned.add(loop);
    },
    stop: async () => {
      await beats.stop();
      await Promise.all(['heartbeats', ...known].map((loop) => heartbeats.leave(`${loop}@${instance}`)));
    },
  };
};
