import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { shift, unasked } from './shift.ts';
import { until } from './workbench.ts';

test('two workers share a thousand jobs, and each is started and ended exactly once', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-queue-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = `file:${join(folder, 'textops.db')}`;
  const day = await shift({ url });
  const night = await shift({ url });
  const job = await day.job('hello', { target: { kind: 'demo' }, approval: unasked });
  const runIds: string[] = [];
  for (let page = 0; page < 10; page += 1) {
    runIds.push(...(await Promise.all(Array.from({ length: 100 }, () => day.dispatched(job)))));
  }

  const workers = [
    day.worker('w1', { slots: 16, leaseMs: 30_000 }),
    night.worker('w2', { slots: 16, leaseMs: 30_000 }),
  ];
  const ended = () => [...day.seen, ...night.seen].filter(({ kind }) => kind === 'attempt_ended').length;
  await until('a thousand attempts ended', () => ended() >= 1000, 50_000);
  await until('both workers are idle', () => workers.every((worker) => worker.idle()));
  await Promise.all(workers.map((worker) => worker.stop()));

  const histories = await Promise.all(runIds.map((runId) => day.events(runId)));
  const count = (type: string) => histories.flat().filter((one) => one === type).length;
  expect(count('ExecutionStarted')).toBe(1000);
  expect(count('ExecutionSucceeded')).toBe(1000);
  expect(new Set(histories.map((history) => history.join(' ')))).toEqual(
    new Set(['RunCreated RunApproved ExecutionDispatched ExecutionStarted ExecutionSucceeded']),
  );
  const startedBy = new Set(
    [...day.seen, ...night.seen].flatMap((one) => (one.kind === 'attempt_started' ? [one.workerId] : [])),
  );
  expect(startedBy).toEqual(new Set(['w1', 'w2']));
  const faults = [...day.seen, ...night.seen].filter(
    ({ kind }) => kind === 'loop_faulted' || kind === 'report_refused',
  );
  expect(faults).toEqual([]);
  expect((await day.store.reader.figures(Date.now())).running).toBe(0);
});
