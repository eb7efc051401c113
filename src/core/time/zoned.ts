import type { Instant } from './instant.ts';
import { zonedFormat } from './zoned-format.ts';

/** "08:00" on the wall clock of a zone. */
export const zonedClock = (at: Instant, timeZone: string): string => {
  const { hour, minute } = partsOf(at, timeZone);
  return `${hour}:${minute}`;
};

/**
 * "Mon 23 Nov 08:00" on the wall clock of a zone, the machine's own when there is none; with the year when it is another
 * than that of `now`.
 */
export const zonedMoment = (at: Instant, timeZone: string | undefined, now: Instant = at): string => {
  const { weekday, day, month, year, hour, minute } = partsOf(at, timeZone);
  const shownYear = year === partsOf(now, timeZone)['year'] ? '' : ` ${year}`;
  return `${weekday} ${day} ${month}${shownYear} ${hour}:${minute}`;
};

const partsOf = (at: Instant, timeZone: string | undefined): Readonly<Record<string, string>> => {
  const parts = formatOf(timeZone).formatToParts(at);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
};

const formatOf = zonedFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
