import { expect, test } from 'vitest';
import { nextAttemptAt } from '../../../src/core/runs/retry.ts';

test('the pause doubles up to its bound and spreads over its upper half', () => {
  const policy = { attemptsMax: 9, delayMsMin: 1000, delayMsMax: 5000 };
  expect([1, 2, 3, 4, 90].map((attempt) => nextAttemptAt(policy, attempt, 0, 0))).toEqual([
    500, 1000, 2000, 2500, 2500,
  ]);
  expect(nextAttemptAt(policy, 1, 0, 0.999)).toBe(1000);
});
