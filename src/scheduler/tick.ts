import type { Rooms } from '../core/flows/messages/heard.ts';
import { fireSchedules } from '../core/flows/schedules/fire-schedule.ts';
import type { ISchedulerService } from '../core/ports/schedules.ts';

/** Everything that can be asked of the clock; nothing happens unless somebody calls `tick`. */
export const schedulerService = (rooms: Rooms): ISchedulerService => ({
  ...rooms.ambient.calendar,
  tick: fireSchedules(rooms),
});
