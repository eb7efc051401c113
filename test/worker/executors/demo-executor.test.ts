import { describe, expect, test } from 'vitest';
import type { DemoTarget } from '../../../src/core/jobs/job.ts';
import { demoExecutor } from '../../../src/worker/executors/demo-executor.ts';
import { listening, requestOf, textWith } from '../workbench.ts';

const waits: number[] = [];
const executor = demoExecutor({
  sleep: async (ms) => {
    waits.push(ms);
  },
});

const demo = (behaviour: DemoTarget['behaviour'], timeoutMs = 60_000) => ({
  target: { kind: 'demo', ...(behaviour === undefined ? {} : { behaviour }) } as const,
  timeoutMs,
});

const attempt = (n: number) => executor.execute(requestOf(demo('flaky'), { attempt: n }), listening().hooks);

describe('the demo', () => {
  test('succeeds word for word', async () => {
    const outcome = await executor.execute(requestOf(demo(undefined)), listening().hooks);
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: "Job 'backup' completed successfully" });
    expect(outcome.output.head).toBe("Job 'backup' completed successfully\n");
  });

  test('slowly: ten steps of a second', async () => {
    waits.length = 0;
    const { hooks, progress } = listening();
    const outcome = await executor.execute(requestOf(demo('slow')), hooks);
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: "Job 'backup' completed successfully" });
    expect(waits).toEqual(Array.from({ length: 10 }, () => 1000));
    expect(progress).toHaveLength(10);
    expect(progress.at(3)).toEqual({ percent: 40, text: 'step 4 of 10' });
  });

  test('slowly, beyond its timeout', async () => {
    const outcome = await executor.execute(requestOf(demo('slow', 3500)), listening().hooks);
    expect(outcome).toMatchObject({ reason: 'timeout', summary: 'timed out after 3.5 s' });
  });

  test('flaky: fails twice, then succeeds', async () => {
    expect(await attempt(1)).toMatchObject({ kind: 'failed', reason: 'exit', exitCode: 1 });
    expect(await attempt(2)).toMatchObject({ summary: textWith('connection') });
    expect(await attempt(3)).toMatchObject({ kind: 'succeeded' });
  });

  test('a broken clock is not a canceled job', async () => {
    const broken = demoExecutor({ sleep: () => Promise.reject(new Error('no clock')) });
    await expect(broken.execute(requestOf(demo('slow')), listening().hooks)).rejects.toThrow('no clock');
  });

  test('a job of another kind is our own mistake', async () => {
    const target = { kind: 'command', command: [], env: [] } as const;
    await expect(executor.execute(requestOf({ target }), listening().hooks)).rejects.toThrow(
      'a demo was expected',
    );
  });
});
