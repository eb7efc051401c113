import { expect, test } from 'vitest';
import { wallClock } from '../../../src/core/time/wall-clock.ts';

test.each([
  ['UTC', Date.UTC(2026, 10, 21, 12, 0), '2026-11-21', 5, 720],
  ['Europe/Berlin', Date.UTC(2026, 10, 22, 23, 30), '2026-11-23', 0, 30],
  ['Pacific/Kiritimati', Date.UTC(2026, 11, 31, 11, 0), '2027-01-01', 4, 60],
  ['America/New_York', Date.UTC(2026, 0, 1, 0, 0), '2025-12-31', 2, 1140],
])('on the wall in %s', (zone, at, date, day, minute) =>
  expect(wallClock(zone)(at)).toEqual({ date, day, minute }),
);
