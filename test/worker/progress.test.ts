import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ExecutionProgress } from '../../src/core/ports/executor.ts';
import { newestReports } from '../../src/worker/progress.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const reporting = () => {
  const told: ExecutionProgress[] = [];
  const pace = { firstMs: 1000, everyMs: 5000 };
  const reports = newestReports<ExecutionProgress>(
    pace,
    () => performance.now(),
    async (step) => void told.push(step),
  );
  const step = (text: string) => reports.offer({ text });
  return { told, step, reports };
};

test('the first step is told after a second, the newest one every five', async () => {
  const { told, step } = reporting();
  step('a');
  step('b');
  await vi.advanceTimersByTimeAsync(999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([{ text: 'b' }]);
  step('c');
  await vi.advanceTimersByTimeAsync(4000);
  step('d');
  expect(told).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([{ text: 'b' }, { text: 'd' }]);
});

test('a step after a long silence is told at once', async () => {
  const { told, step } = reporting();
  await vi.advanceTimersByTimeAsync(60_000);
  step('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([{ text: 'a' }]);
});

test('nothing is told after the end', async () => {
  const { told, step, reports } = reporting();
  step('a');
  await reports.close();
  step('b');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
});
