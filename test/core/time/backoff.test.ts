import { expect, test } from 'vitest';
import { pauseMs } from '../../../src/core/time/backoff.ts';

const row = { pauseMsMin: 1000, pauseMsMax: 5000 } as const;
const tries = [1, 2, 3, 4, 90];

test('a pause doubles up to its bound', () => {
  expect(tries.map((count) => pauseMs({ ...row, jitter: 'none' }, count))).toEqual([
    1000, 2000, 4000, 5000, 5000,
  ]);
});

test('chance takes off up to a half and never more', () => {
  expect(tries.map((count) => pauseMs({ ...row, jitter: 'half' }, count, 0))).toEqual([
    500, 1000, 2000, 2500, 2500,
  ]);
  expect(pauseMs({ ...row, jitter: 'half' }, 1, 0.999)).toBe(1000);
  expect(pauseMs({ ...row, jitter: 'half' }, 1)).toBe(1000);
});
