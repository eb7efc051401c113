import type { Instant } from './instant.ts';

/** What a clock and a calendar on the wall show. */
export interface WallTime {
  /** `2026-11-21`. */
  readonly date: string;
  /** 0 is Monday. */
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** Reads moments in one time zone; made once, because making it is what takes long. */
export const wallClock = (timeZone: string): ((at: Instant) => WallTime) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      date: [parts.get('year'), parts.get('month'), parts.get('day')].join('-'),
      day: WEEKDAYS.indexOf(String(parts.get('weekday'))),
      minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  };
};

const WEEKDAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
