import { expect, test } from 'vitest';
import { expendable } from '../../src/cli/db/retention.ts';

const day = (n: number, hour = 2) => ({ name: `day ${n} ${hour}h`, at: Date.UTC(2026, 10, n, hour) });

test('the newest of each of seven days and of four weeks stays', () => {
  const nightly = Array.from({ length: 30 }, (_, index) => day(index + 1));
  const gone = expendable(nightly);
  const kept = nightly.map(({ name }) => name).filter((name) => !gone.includes(name));
  // Weeks end on Wednesdays, counted from 1970.
  expect(kept).toEqual([11, 18, 24, 25, 26, 27, 28, 29, 30].map((n) => `day ${n} 2h`));
});

test('of several a day the newest stays', () => {
  expect(expendable([day(3, 2), day(3, 14), day(3, 8)])).toEqual(['day 3 8h', 'day 3 2h']);
});

test('days without a backup cost none', () => {
  expect(expendable([day(1), day(10), day(20), day(30)])).toEqual([]);
  expect(expendable([])).toEqual([]);
});
