import type { Span } from '../../core/text/cards/rich.ts';
import { zonedMoment } from '../../core/time/zoned.ts';
import { zonedFormat } from '../../core/time/zoned-format.ts';

/** When and where the reader sits. */
export interface Reader {
  readonly now: number;
  /** IANA name; left out, the machine's own zone. */
  readonly timezone?: string;
}

/** A moment in the reader's own words: `14:02`, `in 30 min`, `2026-11-20`, `Mon 23 Nov 08:00`. */
export const momentWords = (moment: Extract<Span, { time: number }>, reader: Reader): string => {
  switch (moment.as) {
    case 'clock':
      return clock(reader.timezone).format(moment.time);
    case 'day':
      return day(reader.timezone).format(moment.time);
    case 'moment':
      return zonedMoment(moment.time, reader.timezone, reader.now);
    case 'relative':
      return relative(moment.time - reader.now);
  }
};

// Sweden writes dates as ISO does and clocks with 24 hours.
const clock = zonedFormat('sv-SE', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = zonedFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });

const relative = (ms: number): string => {
  const distance = amount(Math.abs(ms));
  if (distance === undefined) return 'now';
  return ms > 0 ? `in ${distance}` : `${distance} ago`;
};

/** Rounded, in the unit that people would use; undefined for less than a second. */
const amount = (ms: number): string | undefined => {
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return undefined;
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(ms / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.round(ms / 86_400_000)} d`;
};
