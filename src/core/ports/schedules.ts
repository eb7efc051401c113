import type {
  Occurrence,
  Schedule,
  ScheduleSource,
  ScheduleSpec,
  Settled,
  Standing,
  Timing,
  TimingProblem,
} from '../schedules/schedule.ts';
import type { DueSchedule } from '../schedules/turn.ts';
import type { Instant } from '../time/instant.ts';

/** Reads cron expressions. A calculator and never a timer: time is an argument. */
export interface ICalendar {
  /** Every occurrence after a moment, in order and computed one by one; it ends where none comes any more. */
  upcoming(timing: Timing, after: Instant): Iterable<Instant>;
  /** "every Monday at 08:00 (Europe/Berlin)". */
  words(timing: Timing): string;
  /** What is wrong with what somebody wrote; whatever else is asked takes timings without a problem only. */
  problem(timing: Timing): TimingProblem | undefined;
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
  /** 0 for one that there never was. */
  readonly expectedVersion: number;
  readonly standing: Standing;
  /** What the schedule is from now on, and whose; a new one, or one that is changed. */
  readonly defines?: { readonly spec: ScheduleSpec; readonly source: ScheduleSource };
  /** It asks no more; what it did stays on record. */
  readonly retires?: true;
  /** The occurrence that this settles. */
  readonly settles?: Occurrence;
}

/** A schedule as it is stored, in force or not. */
export interface StoredSchedule extends Schedule {
  readonly isRetired: boolean;
}

export interface IScheduleRepository {
  /** Those in force, by key. */
  list(limit: number): Promise<readonly Schedule[]>;
  /** One by its key, also one that is in force no more. */
  find(key: string): Promise<StoredSchedule | undefined>;
  /** Its occurrences behind a moment that are settled already, because somebody skipped them or a clock was put back. */
  settledAfter(key: string, at: Instant): Promise<readonly Instant[]>;
  /** What became of its occurrences, the newest first. */
  occurrences(key: string, limit: number): Promise<readonly Settled[]>;
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
  ): Promise<readonly FileScheduleChange[]>;
}

export interface FileScheduleChange {
  readonly key: string;
  readonly change: 'new' | 'changed' | 'retired';
  /** What the file took the name of: a schedule in force that somebody made in chat or over HTTP. */
  readonly took?: Pick<Schedule, 'spec' | 'source'>;
}
