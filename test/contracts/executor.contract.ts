import { describe, expect, test } from 'vitest';
import type {
  AbortCause,
  ExecutionOutcome,
  ExecutionRequest,
  IWorkerExecutor,
} from '../../src/core/ports/executor.ts';
import { listening, textWith } from '../worker/workbench.ts';

export interface ExecutorUnderTest {
  readonly executor: IWorkerExecutor;
  readonly succeeding: ExecutionRequest;
  readonly failing: ExecutionRequest;
  /** Far longer than the test; its request has a generous timeout. */
  readonly endless: ExecutionRequest;
  /** The same with a short timeout. */
  readonly late: ExecutionRequest;
  /** Says far more than is kept; undefined for an executor whose jobs are ours and short. */
  readonly talkative?: ExecutionRequest;
  /** Resolves once the endless job is under way. */
  readonly underWay: () => Promise<void>;
  /** Whether any job of this executor has begun since the last call. */
  readonly hasBegun: () => boolean;
}

/** What a worker may rely on, whatever the kind of job. */
export const executorContract = (name: string, make: () => Promise<ExecutorUnderTest>) =>
  describe(`IWorkerExecutor on ${name}`, () => {
    test('it is of the kind of its jobs', async () => {
      const { executor, succeeding } = await make();
      expect(executor.kind).toBe(succeeding.job.spec.target.kind);
    });

    test('a success has a summary and its output, and no reason', async () => {
      const { executor, succeeding } = await make();
      const outcome = await executor.execute(succeeding, listening().hooks);
      expectShape(outcome);
      expect(outcome.kind).toBe('succeeded');
      expect(outcome).not.toHaveProperty('reason');
    });

    test('a failure is an outcome, never an exception', async () => {
      const { executor, failing } = await make();
      const outcome = await executor.execute(failing, listening().hooks);
      expectShape(outcome);
      expect(outcome).toMatchObject({ kind: 'failed', reason: textWith(/^(exit|http)$/) });
    });

    test('the same executor runs again after a failure', async () => {
      const { executor, succeeding, failing } = await make();
      await executor.execute(failing, listening().hooks);
      expect(await executor.execute(succeeding, listening().hooks)).toMatchObject({ kind: 'succeeded' });
    });

    const causes: readonly AbortCause[] = ['canceled', 'lease_lost', 'interrupted'];
    test.each(causes)('%s before the start: nothing begins', async (cause) => {
      const { executor, succeeding, hasBegun } = await make();
      const { abort, hooks, progress } = listening();
      abort.abort(cause);
      const outcome = await executor.execute(succeeding, hooks);
      expectShape(outcome);
      expect(outcome).toMatchObject({
        kind: 'failed',
        reason: cause,
        output: { head: '', tail: '', bytes: 0 },
      });
      expect(progress).toEqual([]);
      expect(hasBegun()).toBe(false);
    });

    test.each(causes)('%s during the work: it ends, and says why', async (cause) => {
      const { executor, endless, underWay } = await make();
      const { abort, hooks } = listening();
      const running = executor.execute(endless, hooks);
      await underWay();
      abort.abort(cause);
      const outcome = await running;
      expectShape(outcome);
      expect(outcome).toMatchObject({ kind: 'failed', reason: cause });
    });

    test('the signal is let go of when the work is done', async () => {
      const { executor, succeeding } = await make();
      const { abort, hooks } = listening();
      const outcome = await executor.execute(succeeding, hooks);
      abort.abort('canceled');
      expect(outcome.kind).toBe('succeeded');
    });

    test('the timeout of the job holds', async () => {
      const { executor, late } = await make();
      const outcome = await executor.execute(late, listening().hooks);
      expectShape(outcome);
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    });

    test('of much output the beginning and the end are kept', async ({ skip }) => {
      const { executor, talkative } = await make();
      if (talkative === undefined) return skip(`jobs of ${name} are our own and say little`);
      const outcome = await executor.execute(talkative, listening().hooks);
      expectShape(outcome);
      expect(outcome.output.bytes).toBeGreaterThan(256 * 1024);
      expect(outcome.output.tail).not.toBe('');
    });
  });

const expectShape = (outcome: ExecutionOutcome) => {
  const { summary, output } = outcome;
  expect(summary.length).toBeGreaterThan(0);
  expect(summary.length).toBeLessThanOrEqual(200);
  expect(summary).not.toMatch(/\p{Cc}/u);
  expect(output.head.length).toBeLessThanOrEqual(64 * 1024);
  expect(output.tail.length).toBeLessThanOrEqual(192 * 1024);
  expect(output.head + output.tail).not.toContain('\0');
  expect(output.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(Buffer.byteLength(output.head) === 0).toBe(output.bytes === 0);
};
