import { expect, test } from 'vitest';
import { nearestRank } from '../../../src/core/scorecard/nearest-rank.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => count - index);

test('a percentile is one of the values, and of a few it is the largest', () => {
  expect(nearestRank([], 0.95)).toBeUndefined();
  expect(nearestRank([7], 0.95)).toBe(7);
  expect(nearestRank(upTo(19), 0.95)).toBe(19);
  expect(nearestRank(upTo(20), 0.95)).toBe(19);
  expect(nearestRank(upTo(100), 0.95)).toBe(95);
  expect(nearestRank(upTo(101), 0.95)).toBe(96);
  expect(nearestRank([9, 100, 20], 0.5)).toBe(20);
});
