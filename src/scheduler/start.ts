import type { Rooms } from '../core/flows/messages/heard.ts';
import { tellIncidents } from '../core/flows/ops/tell-incidents.ts';
import { SILENCE_LOOK_MS, watchSilence } from '../core/flows/ops/watch-silence.ts';
import { closeOverdue } from '../core/flows/runs/close-overdue.ts';
import { recoverLeases } from '../core/flows/runs/recover-leases.ts';
import { sendNotices } from '../core/flows/runs/send-notices.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import { owes, type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { startPing } from './ping.ts';
import { schedulerService } from './tick.ts';

export interface HousekeepingOptions {
  readonly rooms: Rooms;
  readonly observe: Observe;
  readonly everyMs: number;
  readonly pulse?: Pulse;
}

/** What time alone brings about: deadlines that pass and leases that run out. Any number of processes may do it. */
export const startHousekeeping = (options: HousekeepingOptions): Running => {
  const { rooms, observe, everyMs } = options;
  const shared = { observe, ...pulseOf(options) };
  const ticks = housekeeping(rooms);
  const loops = [
    ...OWED.map(([name, what]) =>
      startLoop({ ...shared, name, tick: ticks[name], idleMs: everyMs, owed: owes(rooms.store, what) }),
    ),
    // Silence lies nowhere; somebody has to listen. Whoever does tells what else is wrong.
    startLoop({
      ...shared,
      name: 'watch-silence',
      tick: async () => {
        await ticks['watch-silence']();
        return ticks['tell-incidents']();
      },
      idleMs: SILENCE_LOOK_MS,
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
};

const OWED = [
  ['close-overdue', 'deadlines'],
  ['send-notices', 'notices'],
  ['recover-leases', 'leases'],
] as const;

/** The ticks by name; each says whether it left more to do. */
export const housekeeping = (rooms: Rooms) => ({
  'close-overdue': closeOverdue(rooms),
  'send-notices': sendNotices(rooms),
  'recover-leases': recoverLeases(rooms),
  'watch-silence': watchSilence(rooms),
  'tell-incidents': tellIncidents(rooms),
});

/** How often the timetable is looked at; what is due is asked within about this time. */
const SCHEDULE_LOOK_MS = 1000;

/**
 * Asks for what is due. The process with the doors does it: where nobody could be told, a question that nobody hears would
 * only run out, and what is missed meanwhile is asked late or recorded.
 */
export const startSchedules = (
  options: Omit<HousekeepingOptions, 'everyMs'> & { readonly pingUrl?: () => string | undefined },
): Running => {
  const { rooms, observe, pingUrl = () => undefined } = options;
  const service = schedulerService(rooms);
  const timetable = startLoop({
    name: 'fire-schedules',
    tick: () => service.tick(),
    idleMs: SCHEDULE_LOOK_MS,
    owed: owes(rooms.store, 'schedules'),
    observe,
    ...pulseOf(options),
  });
  const ping = startPing({ url: pingUrl, now: () => rooms.store.now(), observe });
  return {
    stop: async () => {
      await Promise.all([timetable.stop(), ping.stop()]);
    },
  };
};
