import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { IWorkerExecutor } from '../../src/core/ports/executor.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { ana, by } from '../cast.ts';
import { patience, shift, unasked } from './shift.ts';
import { isAlive, OWN_PID, pidIn, until, workbench } from './workbench.ts';

const bench = await workbench();

const here = { baseDir: process.cwd(), environment: process.env, graceMs: 200, drainMs: 200 };
/** Says who it is, then waits; ends tidily when asked to. */
const waiting = (pidFile: string): string =>
  `import { writeFileSync } from 'node:fs';
   process.on('SIGTERM', () => process.exit(0));
   setTimeout(() => {}, 60_000);
   writeFileSync(${JSON.stringify(pidFile)}, ${OWN_PID});`;
const nodeJob = async (source: string) =>
  ({ kind: 'command', command: [process.execPath, await bench.script(source)], env: [] }) as const;
const kinds = (seen: readonly Observation[]) => seen.map(({ kind }) => kind);

test('a run that is dispatched while the worker waits starts without a poll', async () => {
  const { worker, job, dispatched, becomes, events } = await shift();
  worker('w1', { pollMs: 60_000 });
  const runId = await dispatched(await job('hello', { target: { kind: 'demo' } }));
  await becomes(runId, 'Succeeded');
  expect(await events(runId)).toEqual([
    'RunCreated',
    'ApprovalRequested',
    'RunApproved',
    'ExecutionDispatched',
    'ExecutionStarted',
    'ExecutionSucceeded',
  ]);
});

test('an attempt that failed is started again when its pause is over', async () => {
  const { worker, job, dispatched, becomes, events } = await shift();
  const retry = { attemptsMax: 3, delayMsMin: 50, delayMsMax: 50 };
  const flaky = await job('flaky', { target: { kind: 'demo', behaviour: 'flaky' }, retry });
  worker('w1');
  const runId = await dispatched(flaky);
  await becomes(runId, 'Succeeded');
  expect((await events(runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(3);
});

test('a job that runs longer than its lease keeps it by its beats', async () => {
  const { worker, job, dispatched, becomes, store, run, seen } = await shift();
  const { sleep, started, finish } = patience();
  worker('w1', { executors: executors({ ...here, sleep }), leaseMs: 1200 });
  const runId = await dispatched(await job('slow', { target: { kind: 'demo', behaviour: 'slow' } }));
  await until('it runs', () => started() > 0);
  const begun = await store.now();
  await until('two leases have passed', async () => {
    expect(await store.queue.expired(await store.now(), 10)).toEqual([]);
    return (await store.now()) > begun + 2400;
  });
  finish();
  await becomes(runId, 'Succeeded');
  expect(await run(runId)).toMatchObject({ attempt: 1 });
  expect(kinds(seen)).not.toContain('lease_lost');
});

test('a cancel kills the process within a moment', async () => {
  const { worker, job, dispatched, becomes, give, status, seen } = await shift();
  const pidFile = bench.path('canceled.pid');
  // Five seconds between two beats: only being woken is fast enough.
  worker('w1', { leaseMs: 30_000 });
  const runId = await dispatched(await job('long', { target: await nodeJob(waiting(pidFile)) }));
  await becomes(runId, 'Running');
  const pid = await pidIn(pidFile);
  const quiet = performance.now() + 250;
  await until('the beats of the start are over', () => performance.now() > quiet);
  await give(runId, (at) => ({ type: 'cancel', by: by(ana), at }));
  await until('the process is gone', () => !isAlive(pid), 3000);
  await until('the attempt ended', () => kinds(seen).includes('attempt_ended'));
  expect(seen.find(({ kind }) => kind === 'attempt_ended')).toMatchObject({ outcome: 'canceled' });
  expect(kinds(seen)).not.toContain('report_refused');
  expect(await status(runId)).toBe('Canceled');
});

test('never more runs of a job at once than it allows, whoever works', async () => {
  const { worker, job, dispatched, becomes } = await shift();
  const log = bench.path('concurrency.log');
  const source = `import { appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(log)}, '+');
    setTimeout(() => appendFileSync(${JSON.stringify(log)}, '-'), 40);`;
  const single = await job('single', { target: await nodeJob(source), concurrency: 1 });
  const runIds = await Promise.all([1, 2, 3, 4].map(() => dispatched(single)));
  worker('w1');
  worker('w2');
  for (const runId of runIds) await becomes(runId, 'Succeeded', 20_000);
  expect(await readFile(log, 'utf8')).toBe('+-+-+-+-');
});

test('a job gets its parameters, its secrets and its key, and its output is kept', async () => {
  const { worker, job, dispatched, becomes, run, store } = await shift();
  const source = `console.log(process.env.DB_PASSWORD.length, process.env.TEXTOPS_IDEMPOTENCY_KEY)`;
  const spec = { target: await nodeJob(source), secrets: ['DB_PASSWORD'] };
  worker('w1', { secretOf: (name) => (name === 'DB_PASSWORD' ? 'correct horse' : undefined) });
  const runId = await dispatched(await job('secretive', spec));
  await becomes(runId, 'Succeeded');
  expect(await run(runId)).toMatchObject({ summary: `13 ${runId}:1` });
  expect(await store.runs.output(runId)).toMatchObject({ head: `13 ${runId}:1\n`, attempt: 1 });
});

test('a job whose secret is missing fails before anything is started', async () => {
  const { worker, job, dispatched, becomes, run } = await shift();
  worker('w1');
  const runId = await dispatched(await job('poor', { target: { kind: 'demo' }, secrets: ['DB_PASSWORD'] }));
  await becomes(runId, 'Failed');
  expect(await run(runId)).toMatchObject({
    reason: 'spawn',
    summary: 'secret DB_PASSWORD is not set on this worker',
  });
});

test('of many steps the card hears the newest one now and then, and a short job none', async () => {
  const { worker, job, dispatched, becomes, store } = await shift();
  const { sleep, finish } = patience();
  const done = executors(here).demo;
  // A hundred steps at once, and then as long as the test wants; the short job is over with them.
  const chatty: IWorkerExecutor = {
    kind: 'demo',
    execute: async (request, hooks) => {
      for (let step = 1; step <= 100; step += 1) hooks.onProgress({ percent: step, text: `step ${step}` });
      if (request.job.key === 'long') await sleep(0, hooks.signal);
      return done.execute(request, hooks);
    },
  };
  worker('w1', {
    progress: { firstMs: 50, everyMs: 60_000 },
    executors: { ...executors(here), demo: chatty },
  });
  const a = await dispatched(await job('long', { target: { kind: 'demo' } }));
  const b = await dispatched(await job('short', { target: { kind: 'demo' } }));
  const told = async (runId: string) =>
    (await store.runs.history(runId)).filter(({ type }) => type === 'ExecutionProgressed');
  await until('it has told a step', async () => (await told(a)).length > 0);
  finish();
  await becomes(a, 'Succeeded');
  await becomes(b, 'Succeeded');
  expect((await told(a)).map(({ payload }) => payload)).toEqual([{ percent: 100, text: 'step 100' }]);
  expect(await told(b)).toEqual([]);
});

test('an executor that breaks fails its run and not the worker', async () => {
  const { worker, job, dispatched, becomes, run, seen } = await shift();
  const broken = { kind: 'demo', execute: () => Promise.reject(new Error('a bug')) } as const;
  worker('w1', { executors: { ...executors(here), demo: broken } });
  const first = await dispatched(await job('hello', { target: { kind: 'demo' }, approval: unasked }));
  await becomes(first, 'Failed');
  expect(await run(first)).toMatchObject({
    reason: 'spawn',
    summary: 'the worker failed inside; its log says how',
  });
  expect(seen).toContainEqual(expect.objectContaining({ kind: 'loop_faulted', loop: 'worker-execute' }));
});
