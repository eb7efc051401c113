import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration, shortDuration } from '../../../src/core/time/duration.ts';

describe('reading a duration', () => {
  test.each([
    ['10m', 600_000],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['007s', 7000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    ' ',
    '10',
    'm',
    '10 m',
    '-1s',
    '+1s',
    '1.5h',
    '30m1h',
    '10M',
    '1w',
    '1s1s',
    '9999999999999999d',
  ])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('writing a duration', () => {
  test.each([
    [90_000, '90s'],
    [120_000, '2m'],
    [5_400_000, '90m'],
    [86_400_000, '1d'],
    [1500, '1500ms'],
    [0, '0s'],
  ])('%i ms is %s', (ms, text) => {
    expect(shortDuration(ms)).toBe(text);
  });

  test('what is written is read back, and writing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(shortDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('saying a duration', () => {
  test.each([
    [0, '0s'],
    [0.2, '1ms'],
    [12, '12ms'],
    [400, '0.4s'],
    [2500, '2.5s'],
    [3000, '3s'],
    [9960, '10s'],
    [12_000, '12s'],
    [59_700, '1m'],
    [102_000, '1m 42s'],
    [242_000, '4m 02s'],
    [1_800_000, '30m'],
    [3_599_900, '1h'],
    [3_900_000, '1h 05m'],
    [86_400_000, '1d'],
    [532_800_000, '6d 4h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
