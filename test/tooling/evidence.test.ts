import { expect, test } from 'vitest';
import { evidenceOf } from '../../tools/evidence.ts';

const about = { at: new Date(Date.UTC(2026, 10, 20, 14)), commit: 'a1b2c3d' };
const well = { numTotalTests: 120, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 0 };

test('what came of the invariants is counted as it was, with when and on which commit', () => {
  expect(evidenceOf({ ...well, numFailedTests: 2 }, about)).toMatchObject({
    at: '2026-11-20T14:00:00.000Z',
    commit: 'a1b2c3d',
    total: 120,
    failed: 2,
  });
});

test('a test that was left out proves nothing, and a file that did not load has failed', () => {
  expect(evidenceOf({ ...well, numPendingTests: 20 }, about)).toMatchObject({ total: 100, failed: 0 });
  expect(evidenceOf({ ...well, numFailedTestSuites: 1 }, about).failed).toBe(1);
  expect(evidenceOf({ ...well, numFailedTests: 3, numFailedTestSuites: 1 }, about).failed).toBe(3);
});
