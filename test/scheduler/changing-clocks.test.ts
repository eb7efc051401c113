import { describe, expect, test } from 'vitest';
import type { ScheduleSpec, Standing } from '../../src/core/schedules/schedule.ts';
import { turnOf } from '../../src/core/schedules/turn.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { minutes } from '../cast.ts';

const LOOK_MS = minutes(1);

const spec = (cron: string, timezone: string): ScheduleSpec => ({
  key: 'nightly',
  jobKey: 'backup',
  cron,
  timezone,
  chat: 'dev:ops',
  params: {},
  overlap: 'allow',
});

/** Somebody looks every minute of these hours: when it is asked, and for which moment. */
const looked = (
  schedule: ScheduleSpec,
  from: string,
  hours: number,
): readonly (readonly [number, number])[] => {
  const begin = Date.parse(from);
  const [nextAt] = calendar.upcoming(schedule, begin);
  let standing: Standing = nextAt === undefined ? {} : { nextAt };
  const asked: (readonly [number, number])[] = [];
  for (let at = begin; at <= begin + hours * minutes(60); at += LOOK_MS) {
    const turn = turnOf({ spec: schedule, source: 'file', standing, version: 1 }, at, calendar);
    if (turn === undefined) continue;
    if (turn.kind !== 'ask') throw new Error(`${turn.kind} at ${new Date(at).toISOString()}`);
    asked.push([at, turn.dueAt]);
    standing = turn.after;
  }
  return asked;
};

const wallClock = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);

const NIGHTS = [
  ['Europe/Berlin, forward', 'Europe/Berlin', '30 2 * * *', '2026-03-28T12:00Z', '29/03/2026, 03:00'],
  ['Europe/Berlin, back', 'Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', '25/10/2026, 02:30'],
  ['America/New_York, forward', 'America/New_York', '30 2 * * *', '2026-03-07T17:00Z', '08/03/2026, 03:00'],
  ['America/New_York, back', 'America/New_York', '30 1 * * *', '2026-10-31T17:00Z', '01/11/2026, 01:30'],
  ['Lord Howe, forward', 'Australia/Lord_Howe', '15 2 * * *', '2026-10-03T01:00Z', '04/10/2026, 02:30'],
  ['Lord Howe, back', 'Australia/Lord_Howe', '45 1 * * *', '2026-04-04T01:00Z', '05/04/2026, 01:45'],
  ['Cairo, forward', 'Africa/Cairo', '0 0 * * *', '2026-04-23T10:00Z', '24/04/2026, 01:00'],
  ['Cairo, back', 'Africa/Cairo', '30 23 * * *', '2026-10-29T10:00Z', '29/10/2026, 23:30'],
] as const;

describe('in the night in which the clocks change, whoever looks every minute asks once', () => {
  test.each(NIGHTS)('%s', (_, zone, cron, from, expected) => {
    const asked = looked(spec(cron, zone), from, 24);
    expect(asked.map(([at]) => wallClock(at, zone))).toEqual([expected]);
    for (const [at, dueAt] of asked) expect(at).toBe(dueAt);
  });

  test.each(NIGHTS)('and every half hour in as many hours as there are: %s', (_, zone, __, from) => {
    const asked = looked(spec('*/30 * * * *', zone), from, 24);
    expect(asked).toHaveLength(48);
    expect(new Set(asked.map(([, dueAt]) => dueAt)).size).toBe(48);
  });
});
