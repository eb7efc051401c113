import type { Instant } from '../time/instant.ts';
import { firstOf, firstOpen } from './first-of.ts';
import type { Occurrence, Schedule, Standing, Timing } from './schedule.ts';

/** What people do with a schedule beside defining it. */
export type Steering =
  | { readonly verb: 'pause' }
  | { readonly verb: 'resume' }
  | { readonly verb: 'skip' }
  | { readonly verb: 'snooze'; readonly ms: number };

export type Steered =
  | {
      readonly ok: true;
      readonly standing: Standing;
      /** The occurrence that is done with. */
      readonly settles?: Occurrence;
      /** The one that this was about. */
      readonly dueAt?: Instant;
    }
  | {
      readonly ok: false;
      readonly why: 'already_paused' | 'not_paused' | 'schedule_paused' | 'never_again';
    }
  /** It would be asked for after the one that follows it. */
  | {
      readonly ok: false;
      readonly why: 'snooze_too_long';
      readonly until: Instant;
      readonly following: Instant;
    };

export interface Now {
  readonly at: Instant;
  /** Whoever does it, by name. */
  readonly by: string;
  readonly calendar: { upcoming(timing: Timing, after: Instant): Iterable<Instant> };
  /** Occurrences ahead that have an outcome already. */
  readonly settled: readonly Instant[];
}

/** Where a schedule stands after somebody's wish. Pausing and putting off are other standings, not other mechanisms. */
export const steer = (
  schedule: Pick<Schedule, 'spec' | 'standing'>,
  steering: Steering,
  now: Now,
): Steered => {
  const { paused, nextAt } = schedule.standing;
  switch (steering.verb) {
    case 'pause':
      return paused === undefined ? pause(schedule, now) : no('already_paused');
    case 'resume':
      return paused === undefined ? no('not_paused') : resume(schedule, now);
    case 'skip':
      return paused === undefined ? skip(schedule, now) : no('schedule_paused');
    case 'snooze':
      if (paused !== undefined) return no('schedule_paused');
      return nextAt === undefined ? no('never_again') : snooze(schedule, nextAt, steering.ms, now);
  }
};

type Which = Pick<Schedule, 'spec' | 'standing'>;

const no = (why: 'already_paused' | 'not_paused' | 'schedule_paused' | 'never_again'): Steered => ({
  ok: false,
  why,
});

/** Whatever falls into the pause is never asked for; what waited already is done with. */
const pause = ({ standing: { waitingFor } }: Which, { at, by }: Now): Steered => ({
  ok: true,
  standing: { paused: { by, at } },
  ...(waitingFor === undefined
    ? {}
    : { settles: { dueAt: waitingFor, outcome: 'skipped', because: 'paused' } }),
});

const resume = ({ spec }: Which, { at, calendar, settled }: Now): Steered => {
  const nextAt = firstOpen(calendar.upcoming(spec, at), settled);
  return { ok: true, standing: nextAt === undefined ? {} : { nextAt } };
};

const skip = ({ spec, standing }: Which, { calendar }: Now): Steered => {
  const { waitingFor, nextAt, snoozed, ...rest } = standing;
  if (waitingFor !== undefined) {
    const { waitingFor: _, ...after } = standing;
    return skipped(waitingFor, after);
  }
  if (nextAt === undefined) return no('never_again');
  const [following] = firstOf(calendar.upcoming(spec, nextAt), 1);
  return skipped(snoozed ?? nextAt, following === undefined ? rest : { ...rest, nextAt: following });
};

const skipped = (dueAt: Instant, standing: Standing): Steered => ({
  ok: true,
  standing,
  settles: { dueAt, outcome: 'skipped', because: 'person' },
  dueAt,
});

const snooze = ({ spec, standing }: Which, nextAt: Instant, ms: number, { calendar }: Now): Steered => {
  const until = nextAt + ms;
  const dueAt = standing.snoozed ?? nextAt;
  const [following] = firstOf(calendar.upcoming(spec, nextAt), 1);
  if (following !== undefined && until >= following) {
    return { ok: false, why: 'snooze_too_long', until, following };
  }
  return { ok: true, standing: { ...standing, nextAt: until, snoozed: dueAt }, dueAt };
};
