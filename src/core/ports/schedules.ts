import type { Occurrence, Schedule, ScheduleSpec, Standing, Timing } from '../schedules/schedule.ts';
import type { DueSchedule } from '../schedules/turn.ts';
import type { Instant } from '../time/instant.ts';

/** Reads cron expressions. A calculator and never a timer: time is an argument. */
export interface ICalendar {
  /** Every occurrence after a moment, in order and computed one by one; it ends where none comes any more. */
  upcoming(timing: Timing, after: Instant): Iterable<Instant>;
  /** "every Monday at 08:00 (Europe/Berlin)". */
  words(timing: Timing): string;
}

/** Brings about what the calendar says. */
export interface ISchedulerService extends ICalendar {
  /** Settles what is due; says whether it left more to do. Any number of processes may do it. */
  tick(): Promise<'busy' | 'idle'>;
}

/**
 * Where a schedule stands after a commit. If it was changed by anybody since it was read, the whole commit falls; so an
 * occurrence is settled once, with everything that comes of it, or not at all.
 */
export interface ScheduleChange {
  readonly key: string;
  readonly expectedVersion: number;
  readonly standing: Standing;
  /** The occurrence that this settles. */
  readonly settles?: Occurrence;
}

export interface IScheduleRepository {
  /** Those in force, by key. */
  list(limit: number): Promise<readonly Schedule[]>;
  /** Those that have something to settle at this moment, the longest due first. Costs nothing for all the others. */
  due(at: Instant, limit: number): Promise<readonly DueSchedule[]>;
  /**
   * Makes the file's schedules the ones in force: those that left it are retired, those of the chat stay. A new timing
   * begins now; an unchanged one keeps what it was about to do, also what it missed.
   */
  replaceFileSchedules(
    specs: readonly ScheduleSpec[],
    calendar: Pick<ICalendar, 'upcoming'>,
    at: Instant,
  ): Promise<readonly { readonly key: string; readonly change: 'new' | 'changed' | 'retired' }[]>;
}
