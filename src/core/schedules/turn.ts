import type { Instant } from '../time/instant.ts';
import type { Late, Schedule, Standing, Timing } from './schedule.ts';

/** How late a missed occurrence is still asked; older ones are only recorded. */
export const CATCH_UP_MS = 5 * 60_000;
/** As long as nobody has to be told that it is late. */
export const ON_TIME_MS = 60_000;
/** Beyond this the exact number of what was missed helps nobody. */
const TIMES_MAX = 500;

/** A schedule that has something to settle. */
export interface DueSchedule extends Schedule {
  /** A run that it asked for and that has not ended. */
  readonly openRun?: string;
}

/** As much of `ICalendar` as a turn asks. */
interface Calendar {
  upcoming(timing: Timing, since: Instant): Iterable<Instant>;
}

/** What has to happen with a schedule now, and where it stands afterwards. */
export type Turn =
  | { readonly kind: 'ask'; readonly dueAt: Instant; readonly late?: Late; readonly after: Standing }
  /** The run before has not ended: the occurrence waits for it. */
  | { readonly kind: 'wait'; readonly dueAt: Instant; readonly after: Standing }
  /** The run before has not ended: the occurrence is left out. */
  | { readonly kind: 'skip'; readonly dueAt: Instant; readonly runId: string; readonly after: Standing }
  /** Nobody was there. `more`: and others that were not counted. */
  | {
      readonly kind: 'miss';
      readonly from: Instant;
      readonly dueAt: Instant;
      readonly times: number;
      readonly more: boolean;
      readonly after: Standing;
    };

/**
 * One step; a schedule may need several of them in a row. Of many missed occurrences only the newest can still be asked,
 * so whoever comes back is never met by a burst of questions.
 */
export const turnOf = (schedule: DueSchedule, at: Instant, calendar: Calendar): Turn | undefined => {
  const { standing, openRun } = schedule;
  const { nextAt: first, waitingFor, paused, snoozed } = standing;
  if (paused !== undefined) return undefined;
  if (waitingFor !== undefined && openRun === undefined) {
    const { waitingFor: _, ...after } = standing;
    return { kind: 'ask', dueAt: waitingFor, late: 'overlap', after };
  }
  if (first === undefined || first > at) return undefined;
  const { newest, next } = sweep(schedule.spec, first, at, calendar);
  if (newest !== first) return missed(schedule, first, { at, newest, next }, calendar);
  const after = moved(standing, next);
  const dueAt = snoozed ?? first;
  const late = snoozed === undefined ? (at - first > ON_TIME_MS ? 'away' : undefined) : 'snoozed';
  const ask: Turn = { kind: 'ask', dueAt, ...(late === undefined ? {} : { late }), after };
  if (openRun === undefined) return ask;
  switch (schedule.spec.overlap) {
    case 'allow':
      return ask;
    case 'skip':
      return { kind: 'skip', dueAt, runId: openRun, after };
    case 'queue':
      // One may wait; a second one would only be the beginning of a burst.
      return waitingFor === undefined
        ? { kind: 'wait', dueAt, after: { ...after, waitingFor: dueAt } }
        : { kind: 'skip', dueAt, runId: openRun, after };
  }
};

interface Sweep {
  /** The newest occurrence that may still be asked. */
  readonly newest: Instant | undefined;
  /** The first one after the present moment. */
  readonly next: Instant | undefined;
}

const sweep = (timing: Timing, first: Instant, at: Instant, calendar: Calendar): Sweep => {
  const from = at - CATCH_UP_MS;
  let newest = first >= from ? first : undefined;
  for (const occurrence of calendar.upcoming(timing, newest ?? from - 1)) {
    if (occurrence > at) return { newest, next: occurrence };
    newest = occurrence;
  }
  return { newest, next: undefined };
};

/** Everything before the one that can still be asked; that one is the next to be looked at. */
const missed = (
  { spec, standing }: Schedule,
  first: Instant,
  { at, newest, next }: Sweep & { readonly at: Instant },
  calendar: Calendar,
): Turn => {
  const until = newest ?? at + 1;
  const from = standing.snoozed ?? first;
  let dueAt = from;
  let times = 1;
  let more = false;
  for (const occurrence of calendar.upcoming(spec, first)) {
    if (occurrence >= until) break;
    more = times === TIMES_MAX;
    if (more) break;
    dueAt = occurrence;
    times += 1;
  }
  return { kind: 'miss', from, dueAt, times, more, after: moved(standing, newest ?? next) };
};

const moved = ({ nextAt: _, snoozed: __, ...rest }: Standing, nextAt: Instant | undefined): Standing =>
  nextAt === undefined ? rest : { ...rest, nextAt };
