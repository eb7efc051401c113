import { describe, expect, test } from 'vitest';
import type { StartWindow } from '../../../src/core/jobs/job.ts';
import { windowOpen, windowWords } from '../../../src/core/jobs/window.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const window = (over: Partial<StartWindow> = {}): StartWindow => ({
  days: weekdays,
  from: '09:00',
  to: '17:00',
  timezone: 'UTC',
  ...over,
});
const utc = (text: string): number => Date.parse(`${text}Z`);
const open = (over: Partial<StartWindow>, moment: string): boolean => windowOpen(window(over), utc(moment));

// 2026-11-20 is a Friday.

describe('a window of one day', () => {
  test('its first minute counts, the minute after its last does not', () => {
    expect(open({}, '2026-11-20T08:59:59')).toBe(false);
    expect(open({}, '2026-11-20T09:00:00')).toBe(true);
    expect(open({}, '2026-11-20T16:59:59')).toBe(true);
    expect(open({}, '2026-11-20T17:00:00')).toBe(false);
  });
  test('other days are closed', () => expect(open({}, '2026-11-21T12:00:00')).toBe(false));
  test('the clock is the one of its time zone, and so is the day', () => {
    expect(open({ timezone: 'Asia/Tokyo' }, '2026-11-20T00:30:00')).toBe(true);
    expect(open({ timezone: 'Asia/Tokyo', days: ['sat'] }, '2026-11-21T00:30:00')).toBe(true);
    expect(open({ timezone: 'Asia/Tokyo', from: '00:00', days: ['sat'] }, '2026-11-20T15:00:00')).toBe(true);
  });
});

describe('a window over midnight', () => {
  const night = { days: ['fri'], from: '22:00', to: '06:00' } as const;
  test('begins on its day and ends on the next morning', () => {
    expect(open(night, '2026-11-20T21:59:00')).toBe(false);
    expect(open(night, '2026-11-20T22:00:00')).toBe(true);
    expect(open(night, '2026-11-21T00:00:00')).toBe(true);
    expect(open(night, '2026-11-21T05:59:00')).toBe(true);
    expect(open(night, '2026-11-21T06:00:00')).toBe(false);
  });
  test('the morning before its day belongs to the day before', () => {
    expect(open(night, '2026-11-20T03:00:00')).toBe(false);
  });
  test('the night from Sunday to Monday is a Sunday night', () => {
    expect(open({ ...night, days: ['sun'] }, '2026-11-23T03:00:00')).toBe(true);
    expect(open({ ...night, days: ['mon'] }, '2026-11-23T03:00:00')).toBe(false);
  });
});

describe('when the clocks change in Berlin', () => {
  const early = { days: ['sun'], from: '02:00', to: '03:00', timezone: 'Europe/Berlin' } as const;
  test('in spring the hour between two and three does not exist', () => {
    expect(open(early, '2026-03-29T00:59:00')).toBe(false);
    expect(open(early, '2026-03-29T01:00:00')).toBe(false);
    expect(open(early, '2026-03-22T01:30:00')).toBe(true);
  });
  test('in autumn it comes twice, and is open twice', () => {
    expect(open(early, '2026-10-24T23:59:00')).toBe(false);
    expect(open(early, '2026-10-25T00:30:00')).toBe(true);
    expect(open(early, '2026-10-25T01:30:00')).toBe(true);
    expect(open(early, '2026-10-25T02:00:00')).toBe(false);
  });
  test('nine in the morning is nine in the morning in summer and winter', () => {
    const berlin = { timezone: 'Europe/Berlin' };
    expect(open(berlin, '2026-07-01T07:00:00')).toBe(true);
    expect(open(berlin, '2026-12-01T07:00:00')).toBe(false);
    expect(open(berlin, '2026-12-01T08:00:00')).toBe(true);
  });
});

test('a window in words', () => {
  expect(windowWords(window())).toBe('mon–fri 09:00–17:00 UTC');
  expect(windowWords(window({ days: ['sun', 'sat'] }))).toBe('sat, sun 09:00–17:00 UTC');
  expect(windowWords(window({ days: ['mon', 'wed', 'fri'] }))).toBe('mon, wed, fri 09:00–17:00 UTC');
  expect(windowWords(window({ days: [...weekdays, 'sat', 'sun'] }))).toBe('daily 09:00–17:00 UTC');
  expect(windowWords(window({ days: [] }))).toBe('never 09:00–17:00 UTC');
});
