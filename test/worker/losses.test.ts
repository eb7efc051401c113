import { expect, test } from 'vitest';
import { finishAttempt, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { housekeeping } from '../../src/scheduler/start.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { noOutput } from '../../src/worker/process/output-capture.ts';
import { LEASE_MS, patience, type Shift, shift } from './shift.ts';
import { until } from './workbench.ts';

const here = { baseDir: process.cwd(), environment: process.env };

/** Host time that a test can put forward. */
const clockwork = () => {
  let aheadMs = 0;
  return {
    clock: () => Date.now() + aheadMs,
    forward: (ms: number) => {
      aheadMs += ms;
    },
  };
};

/** A worker that claims, starts, and is never heard of again. */
const vanished = async ({ store, rooms }: Shift) => {
  const at = await store.now();
  const [claimed] = await store.queue.claim({ workerId: 'gone', limit: 1, at, leaseMs: LEASE_MS });
  if (claimed === undefined) throw new Error('nothing was due');
  return { claimed, start: () => startAttempt(rooms, 'gone')(claimed) };
};

test('a worker that is known to be gone is not waited for', async () => {
  const house = await shift();
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  const { start } = await vanished(house);
  await start();
  const at = await house.store.now();
  const place = 'this machine, 4711';
  await house.store.heartbeats.beat({ name: 'gone', kind: 'worker', slots: 1, at, place });
  const tick = (gone: readonly string[]) =>
    housekeeping({
      ...house.rooms,
      ambient: { ...house.rooms.ambient, isGone: (where) => gone.includes(where) },
    })['recover-leases']();
  await tick([]);
  expect(await house.status(runId)).toBe('Running');
  await tick([place]);
  expect(await house.run(runId)).toMatchObject({ status: 'Dispatching', attempt: 2 });
});

test('the run of a lost worker is started again by another when that is harmless', async () => {
  const time = clockwork();
  const house = await shift({ clock: time.clock });
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  const { claimed, start } = await vanished(house);
  await start();
  time.forward(LEASE_MS + 1);
  await housekeeping(house.rooms)['recover-leases']();
  expect(await house.run(runId)).toMatchObject({ status: 'Dispatching', attempt: 2 });

  // What the lost one has to say comes too late.
  const { fence, entry } = claimed;
  const outcome = { kind: 'succeeded', summary: 'I am back', output: noOutput() } as const;
  const late = await finishAttempt(house.rooms, 'gone')({ ...entry, fence }, outcome);
  expect(late).toBe('refused');
  expect(house.seen).toContainEqual({ kind: 'report_refused', runId, workerId: 'gone', why: 'superseded' });

  time.forward(30_000);
  house.worker('w2');
  await house.becomes(runId, 'Succeeded');
  expect(await house.run(runId)).toMatchObject({ attempt: 2, summary: "Job 'hello' completed successfully" });
  expect((await house.events(runId)).slice(4)).toEqual([
    'ExecutionStarted',
    'ExecutionLost',
    'ExecutionRetried',
    'ExecutionStarted',
    'ExecutionSucceeded',
  ]);
});

test('a run whose worker was lost asks when a second start could do harm', async () => {
  const time = clockwork();
  const house = await shift({ clock: time.clock });
  const risky = await house.job('risky', { target: { kind: 'demo' }, effects: 'unknown' });
  const runId = await house.dispatched(risky);
  await (await vanished(house)).start();
  time.forward(LEASE_MS + 1);
  await housekeeping(house.rooms)['recover-leases']();
  expect(await house.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost', epoch: 2 });
  expect(await house.store.queue.expired(time.clock(), 10)).toEqual([]);
});

test('what was claimed and never started goes back to the queue', async () => {
  const time = clockwork();
  const house = await shift({ clock: time.clock });
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  await vanished(house);
  time.forward(LEASE_MS + 1);
  await housekeeping(house.rooms)['recover-leases']();
  house.worker('w2');
  await house.becomes(runId, 'Succeeded');
  expect((await house.events(runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
});

test.each([
  { database: 'refuses', beat: () => Promise.reject(new Error('connection refused')) },
  { database: 'is silent', beat: () => new Promise<never>(() => undefined) },
])('a worker ends its jobs in half a lease when its database $database', async ({ beat }) => {
  let away = false;
  const through = (store: Store): Store => ({
    ...store,
    queue: {
      ...store.queue,
      beat: (p) => (away ? beat() : store.queue.beat(p)),
    },
  });
  const house = await shift({ through });
  const { sleep, started } = patience();
  const risky = await house.job('risky', { target: { kind: 'demo', behaviour: 'slow' }, effects: 'unknown' });
  house.worker('w1', { executors: executors({ ...here, sleep }), leaseMs: 2400 });
  const runId = await house.dispatched(risky);
  await until('it runs', () => started() > 0);
  away = true;
  const since = performance.now();
  await until('the job is ended', () => house.seen.some(({ kind }) => kind === 'attempt_ended'));
  expect(performance.now() - since).toBeLessThan(2400);
  expect(house.seen).toContainEqual({ kind: 'lease_lost', runId, workerId: 'w1' });
  // The lease itself still stood, so the end could be reported; and whether it did its work is for a person to say.
  await house.becomes(runId, 'AwaitingApproval');
  expect(await house.run(runId)).toMatchObject({ because: 'lost' });
});

test('a worker that lost its lease ends the job and says nothing', async () => {
  const house = await shift();
  const { sleep, started } = patience();
  const job = await house.job('hello', { target: { kind: 'demo', behaviour: 'slow' }, effects: 'unknown' });
  house.worker('w1', { executors: executors({ ...here, sleep }) });
  const runId = await house.dispatched(job);
  await until('it runs', () => started() > 0);
  const run = await house.run(runId);
  if (run.status !== 'Running') throw new Error(run.status);
  const at = await house.store.now();
  // As after a pause of the host in which somebody else recovered the run.
  await house.give(runId, {
    type: 'lose',
    by: { kind: 'system', part: 'recovery' },
    fence: run.fence,
    lastBeat: at,
    chance: 0,
    at,
  });
  await until('the attempt ended', () => house.seen.some(({ kind }) => kind === 'attempt_ended'));
  await until('its report was refused', () => house.seen.some(({ kind }) => kind === 'report_refused'));
  expect(house.seen).toContainEqual({ kind: 'lease_lost', runId, workerId: 'w1' });
  expect(await house.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'lost' });
});

test('a result is offered until the database takes it', async () => {
  let refusals = 0;
  const through = (store: Store): Store => ({
    ...store,
    runs: {
      ...store.runs,
      commit: async (commits) => {
        const finishes = commits.some(({ lease }) => lease?.after === 'release');
        if (!finishes || refusals >= 3) return store.runs.commit(commits);
        refusals += 1;
        throw new Error('connection reset');
      },
    },
  });
  const house = await shift({ through });
  house.worker('w1');
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  await house.becomes(runId, 'Succeeded');
  const faults = house.seen.filter((one) => one.kind === 'loop_faulted' && one.loop === 'worker-report');
  expect(faults).toHaveLength(3);
});

test('a start that the database did not answer is left to the recovery', async () => {
  let failed = false;
  const time = clockwork();
  const through = (store: Store): Store => ({
    ...store,
    runs: {
      ...store.runs,
      commit: async (commits) => {
        const outcomes = await store.runs.commit(commits);
        if (failed || !commits.some(({ lease }) => lease?.after === 'keep')) return outcomes;
        failed = true;
        throw new Error('the answer was lost');
      },
    },
  });
  const house = await shift({ through, clock: time.clock });
  house.worker('w1');
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  await until('the fault is noted', () => house.seen.some(({ kind }) => kind === 'loop_faulted'));
  expect(await house.status(runId)).toBe('Running');
  time.forward(60_000);
  await housekeeping(house.rooms)['recover-leases']();
  time.forward(60_000);
  await house.becomes(runId, 'Succeeded');
  expect(await house.run(runId)).toMatchObject({ attempt: 2 });
});

test('a claim that the database held up for long is given back, and nothing begins under it', async () => {
  let aheadMs = 0;
  const claims: number[] = [];
  const through = (store: Store): Store => ({
    ...store,
    queue: {
      ...store.queue,
      claim: async (wanted) => {
        const claimed = await store.queue.claim(wanted);
        // Only the first answer is late: by half of the lease that it brings.
        if (claimed.length > 0 && claims.length === 0) aheadMs += LEASE_MS / 2;
        claims.push(...claimed.map(({ fence }) => fence));
        return claimed;
      },
    },
  });
  const house = await shift({ through });
  const runId = await house.dispatched(await house.job('hello', { target: { kind: 'demo' } }));
  house.worker('w1', { clock: () => performance.now() + aheadMs });
  await house.becomes(runId, 'Succeeded');
  expect(claims).toHaveLength(2);
  expect((await house.events(runId)).slice(-2)).toEqual(['ExecutionStarted', 'ExecutionSucceeded']);
});
