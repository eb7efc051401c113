import { Cron } from 'croner';
import type { Timing } from '../core/schedules/schedule.ts';
import type { Instant } from '../core/time/instant.ts';

/** Every moment that an expression means after another one, computed one by one. */
export function* upcoming(timing: Timing, after: Instant): Generator<Instant> {
  const cron = readCron(timing);
  for (let last = after; ; ) {
    const next = cron.nextRun(new Date(last));
    if (next === null) return;
    last = next.getTime();
    yield last;
  }
}

/** Throws what is wrong with an expression. The one place that says which dialect of cron we read. */
export const readCron = ({ cron, timezone }: Timing): Cron =>
  new Cron(cron, {
    timezone,
    // It calculates; nothing of it ever runs.
    paused: true,
    // A time that somebody wrote down happens once on every day, also on the day on which the clocks change.
    fixedTimeRule: 'no-wildcard',
  });
