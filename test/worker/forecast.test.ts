import { describe, expect, test } from 'vitest';
import { AHEAD_MS, forecast } from '../../src/worker/forecast.ts';

describe('the forecast of a worker', () => {
  test('who has seen nothing works ahead of nothing', () => {
    const known = forecast();
    expect(known.ahead(4)).toBe(0);
    expect(known.isQuick('hello')).toBe(false);
  });

  test('as much is in hand as is over within the limit', () => {
    const known = forecast();
    known.note('hello', 2);
    expect(known.ahead(1)).toBe(AHEAD_MS / 2);
    expect(known.ahead(4)).toBe((4 * AHEAD_MS) / 2);
  });

  test('jobs that take no time are taken a bounded number at a time', () => {
    const known = forecast();
    known.note('hello', 0);
    expect(known.ahead(50)).toBe(256);
  });

  test('one slow job counts at once, and trust comes back slowly', () => {
    const known = forecast();
    for (let n = 0; n < 100; n += 1) known.note('hello', 0.1);
    known.note('hello', 5000);
    expect(known.ahead(4)).toBe(0);
    expect(known.isQuick('hello')).toBe(false);
    known.note('hello', 0.1);
    expect(known.isQuick('hello')).toBe(false);
    for (let n = 0; n < 300; n += 1) known.note('hello', 0.1);
    expect(known.isQuick('hello')).toBe(true);
  });

  test('a job is judged by its own name', () => {
    const known = forecast();
    known.note('hello', 0.1);
    expect(known.isQuick('hello')).toBe(true);
    expect(known.isQuick('backup')).toBe(false);
  });
});
