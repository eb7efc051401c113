import { expect, test } from 'vitest';
import { ratioOf, slowerOf } from '../../bench/compare.ts';

test('a stage that takes more than a tenth longer is named, and one that could not be measured', () => {
  const compared = [
    { stage: 'parse', ratio: 0.8 },
    { stage: 'decide', ratio: 1.1 },
    { stage: 'card', ratio: 1.11 },
    { stage: 'commit', ratio: Number.NaN },
  ];
  expect(slowerOf(compared).map(({ stage }) => stage)).toEqual(['card', 'commit']);
});

test('turns that somebody disturbed do not count', () => {
  const quiet = [10, 10, 10, 10, 10, 10, 10, 10];
  const noisy = [10, 900, 10, 70, 80, 90, 100, 110];
  expect(ratioOf(noisy, quiet)).toBe(1);
  expect(
    ratioOf(
      quiet.map((one) => one * 1.33),
      quiet,
    ),
  ).toBeCloseTo(1.33);
});
