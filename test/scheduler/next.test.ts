import { describe, expect, test } from 'vitest';
import { firstOf } from '../../src/core/schedules/first-of.ts';
import { calendar } from '../../src/scheduler/calendar.ts';

const next = (cron: string, timezone: string, since: string, count: number): readonly string[] =>
  firstOf(calendar.upcoming({ cron, timezone }, Date.parse(since)), count).map((at) =>
    new Date(at).toISOString().replace(':00.000Z', 'Z'),
  );

describe('what comes next', () => {
  test('comes strictly after the moment', () => {
    expect(next('0 8 * * *', 'UTC', '2026-03-01T07:59:59.999Z', 1)).toEqual(['2026-03-01T08:00Z']);
    expect(next('0 8 * * *', 'UTC', '2026-03-01T08:00:00Z', 1)).toEqual(['2026-03-02T08:00Z']);
    expect(next('0 8 * * *', 'UTC', '2026-03-01T08:00:00.5Z', 1)).toEqual(['2026-03-02T08:00Z']);
  });

  test('may be years away, or nothing at all', () => {
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00Z', 3)).toEqual([]);
    expect(next('0 12 29 2 *', 'UTC', '2026-01-01T00:00Z', 2)).toEqual([
      '2028-02-29T12:00Z',
      '2032-02-29T12:00Z',
    ]);
  });
});

// Berlin and New York change at night by an hour, Lord Howe by half an hour, and in Cairo midnight itself is left out.
describe('on the day on which clocks are put forward, a time that does not exist is asked when the gap ends', () => {
  test.each([
    [
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-28T00:00Z',
      ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'America/New_York',
      '30 2 * * *',
      '2026-03-07T06:00Z',
      ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
    ],
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T12:00Z',
      ['2026-10-02T15:45Z', '2026-10-03T15:30Z', '2026-10-04T15:15Z'],
    ],
    [
      'Africa/Cairo',
      '0 0 * * *',
      '2026-04-22T12:00Z',
      ['2026-04-22T22:00Z', '2026-04-23T22:00Z', '2026-04-24T21:00Z'],
    ],
  ])('%s', (zone, cron, since, expected) => expect(next(cron, zone, since, 3)).toEqual(expected));

  test('one of several times a day is none the less', () =>
    expect(next('30 2,14 * * *', 'Europe/Berlin', '2026-03-28T20:00Z', 3)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-29T12:30Z',
      '2026-03-30T00:30Z',
    ]));

  test('and what comes every so often leaves the hour out', () =>
    expect(next('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:20Z', 3)).toEqual([
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
    ]));
});

describe('on the day on which clocks are put back, a time that comes twice is asked the first time', () => {
  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
    ['Africa/Cairo', '30 23 * * *', '2026-10-29T12:00Z', ['2026-10-29T20:30Z', '2026-10-30T21:30Z']],
  ])('%s', (zone, cron, since, expected) => expect(next(cron, zone, since, 2)).toEqual(expected));

  test('and what comes every so often comes in both hours', () =>
    expect(next('0 * * * *', 'Europe/Berlin', '2026-10-24T23:50Z', 3)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
    ]));
});

test.each([
  ['0 8 * * mon', 'every Monday at 08:00'],
  ['0 2 * * *', 'every day at 02:00'],
  ['@daily', 'every day at 00:00'],
  ['0 8,20 * * *', 'every day at 08:00 and 20:00'],
  ['0 8 * * sat,sun', 'every Saturday and Sunday at 08:00'],
  ['0 8 * * 1-5', 'Monday through Friday at 08:00'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['0 9-17 * * 1-5', 'every hour, between 09:00 and 17:00, Monday through Friday'],
  ['0 9 * * mon#1', 'at 09:00, on the first Monday of the month'],
  ['0 8 * 3 mon', 'at 08:00, only on Monday, only in March'],
  // Only our reader of expressions knows what a plus means.
  ['0 0 1-7 * +mon', '0 0 1-7 * +mon'],
])('%s is said as "%s"', (cron, words) =>
  expect(calendar.words({ cron, timezone: 'Europe/Berlin' })).toBe(`${words} (Europe/Berlin)`),
);
