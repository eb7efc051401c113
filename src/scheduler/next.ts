import { Cron } from 'croner';
import type { ICalendar } from '../core/ports/schedules.ts';
import type { Timing } from '../core/schedules/schedule.ts';
import { timingWords } from './words.ts';

export const calendar: ICalendar = {
  upcoming: function* (timing, after) {
    const cron = readCron(timing);
    for (let last = after; ; ) {
      const next = cron.nextRun(new Date(last));
      if (next === null) return;
      last = next.getTime();
      yield last;
    }
  },
  words: timingWords,
};

/** Throws what is wrong with an expression. The one place that says which dialect of cron we read. */
export const readCron = ({ cron, timezone }: Timing): Cron =>
  new Cron(cron, {
    timezone,
    // It calculates; nothing of it ever runs.
    paused: true,
    // A time that somebody wrote down happens once on every day, also on the day on which the clocks change.
    fixedTimeRule: 'no-wildcard',
  });
