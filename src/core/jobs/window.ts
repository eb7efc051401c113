import type { Instant } from '../time/instant.ts';
import { wallClock } from '../time/wall-clock.ts';
import type { StartWindow } from './job.ts';

/**
 * Whether a heavy run may start at this moment. `from` counts, `to` does not; a `to` that is earlier than `from` means
 * the next morning, which then belongs to the day before. Times are those of the wall clock: an hour that a change to
 * summer time leaves out is never open, one that comes twice is open twice.
 */
export const windowOpen = (window: StartWindow, at: Instant): boolean => {
  const { day, minute } = wallClock(window.timezone)(at);
  const from = minuteOf(window.from);
  const to = minuteOf(window.to);
  const on = (index: number): boolean => window.days.some((name) => DAYS.indexOf(name) === index);
  if (from < to) return on(day) && minute >= from && minute < to;
  return (on(day) && minute >= from) || (on((day + 6) % 7) && minute < to);
};

/** "mon–fri 22:00–06:00 Europe/Berlin". */
export const windowWords = ({ days, from, to, timezone }: StartWindow): string =>
  `${daysWords(days)} ${from}–${to} ${timezone}`;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const minuteOf = (time: string): number => {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
};

/** Three days or more in a row are shown as a range. */
const daysWords = (days: StartWindow['days']): string => {
  const sorted = DAYS.filter((name) => days.includes(name));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (sorted.length === DAYS.length) return 'daily';
  if (first === undefined || last === undefined) return 'never';
  const inRow = DAYS.indexOf(last) - DAYS.indexOf(first) === sorted.length - 1;
  return inRow && sorted.length > 2 ? `${first}–${last}` : sorted.join(', ');
};
