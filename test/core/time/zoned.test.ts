import { describe, expect, test } from 'vitest';
import { zonedClock, zonedMoment } from '../../../src/core/time/zoned.ts';
import { zonedFormat } from '../../../src/core/time/zoned-format.ts';

const noon = Date.UTC(2026, 10, 23, 12, 0);

describe('the clock on a wall', () => {
  test.each([
    ['UTC', '12:00'],
    ['Europe/Berlin', '13:00'],
    ['America/New_York', '07:00'],
    ['Asia/Kolkata', '17:30'],
    ['Pacific/Chatham', '01:45'],
  ])('in %s shows %s at noon of London', (zone, clock) => expect(zonedClock(noon, zone)).toBe(clock));

  test('has no hour 24', () => expect(zonedClock(Date.UTC(2026, 10, 23), 'UTC')).toBe('00:00'));

  test('shows the same hour twice when summer time ends', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    const hourLater = first + 3_600_000;
    expect([zonedClock(first, 'Europe/Berlin'), zonedClock(hourLater, 'Europe/Berlin')]).toEqual([
      '02:30',
      '02:30',
    ]);
  });

  test('skips an hour when summer time begins', () => {
    const before = Date.UTC(2026, 2, 29, 0, 59);
    expect(zonedClock(before, 'Europe/Berlin')).toBe('01:59');
    expect(zonedClock(before + 60_000, 'Europe/Berlin')).toBe('03:00');
  });
});

describe('a moment', () => {
  test('names the day of the reader, which may be another one', () => {
    const late = Date.UTC(2026, 10, 23, 23, 30);
    expect(zonedMoment(late, 'UTC')).toBe('Mon 23 Nov 23:30');
    expect(zonedMoment(late, 'Asia/Tokyo')).toBe('Tue 24 Nov 08:30');
  });

  test('has a year only when it is another one than now, by the calendar of the reader', () => {
    const lastSecond = Date.UTC(2026, 11, 31, 23, 59);
    const later = Date.UTC(2027, 0, 1, 0, 30);
    expect(zonedMoment(lastSecond, 'UTC', later)).toBe('Thu 31 Dec 2026 23:59');
    expect(zonedMoment(lastSecond, 'Europe/Berlin', later)).toBe('Fri 1 Jan 00:59');
  });

  test('of an unknown zone is a fault, again and again', () => {
    for (let time = 0; time < 2; time += 1) {
      expect(() => zonedMoment(noon, 'Europe/Nowhere')).toThrow(RangeError);
    }
  });
});

describe('a format', () => {
  const clock = zonedFormat('sv-SE', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

  test('is made once for each zone', () => {
    expect(clock('Asia/Tokyo')).toBe(clock('Asia/Tokyo'));
    expect(clock('Asia/Tokyo')).not.toBe(clock('UTC'));
  });

  test('without a zone is the one of the machine', () => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(clock(undefined).resolvedOptions().timeZone).toBe(own);
  });

  test('is not mixed up with another one of the same zone', () => {
    const day = zonedFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' });
    expect([clock('UTC').format(noon), day('UTC').format(noon)]).toEqual(['12:00:00', '2026-11-23']);
  });
});
