import { closeOverdue } from '../core/flows/close-overdue.ts';
import type { Rooms } from '../core/flows/heard.ts';
import { recoverLeases } from '../core/flows/recover-leases.ts';
import { SILENCE_LOOK_MS, watchSilence } from '../core/flows/watch-silence.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import { type Pulse, pulseOf, startLoop } from '../loops/loop.ts';

export interface HousekeepingOptions {
  readonly rooms: Rooms;
  readonly observe: Observe;
  readonly everyMs: number;
  readonly pulse?: Pulse;
}

/** What time alone brings about: deadlines that pass and leases that run out. Any number of processes may do it. */
export const startHousekeeping = (options: HousekeepingOptions): Running => {
  const { rooms, observe, everyMs } = options;
  const loops = Object.entries(housekeeping(rooms)).map(([name, tick]) =>
    startLoop({
      name,
      tick,
      idleMs: name === 'watch-silence' ? SILENCE_LOOK_MS : everyMs,
      observe,
      ...pulseOf(options),
    }),
  );
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
};

/** The ticks by name; each says whether it left more to do. */
export const housekeeping = (rooms: Rooms) => ({
  'close-overdue': closeOverdue(rooms),
  'recover-leases': recoverLeases(rooms),
  'watch-silence': watchSilence(rooms),
});
