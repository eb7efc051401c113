import { describe, expect, onTestFinished, test } from 'vitest';
import { firstFault } from '../../src/core/runs/chain.ts';
import { startLoop } from '../../src/loops/loop.ts';
import { housekeeping } from '../../src/scheduler/start.ts';
import { ana, by } from '../cast.ts';
import { DATABASES, freshDatabaseUrl } from '../e2e/databases.ts';
import { freshFolder } from '../e2e/program.ts';
import { type Attempt, hire } from '../flows/worker.ts';
import { seeded } from '../seeded.ts';
import { type Shift, shift, unasked } from '../worker/shift.ts';
import { record } from './evidence.ts';
import { sized } from './size.ts';

const JOBS = sized(200, 2000);
/** At once; together they take about as long as the reaper takes for them. */
const TOGETHER = 100;
const LEASE_MS = 1500;

/** Begun, and under a lease that ends with all the others. */
const begun = async (house: Shift, count: number) => {
  const now = (): number => Date.now();
  const job = await house.store.catalog.find('hello');
  if (job === undefined) throw new Error('the job is not there');
  await Promise.all(Array.from({ length: count }, () => house.dispatched(job)));
  const hand = hire({ rooms: () => house.rooms, leaseMs: 60_000, now }, 'w1');
  const attempts: Attempt[] = [];
  for (let claimed = await hand.claims(); claimed !== undefined; claimed = await hand.claims()) {
    attempts.push(await hand.begins(claimed));
  }
  const held = attempts.map(({ claimed }) => ({ runId: claimed.entry.runId, fence: claimed.fence }));
  const at = await house.store.now();
  await house.store.queue.beat({ workerId: 'w1', held, at, leaseMs: LEASE_MS });
  return attempts;
};

describe.each(DATABASES)('a reaper that races reports, on %s', (kind) => {
  test(`${JOBS} jobs of about the length of their lease: no result is overwritten`, async () => {
    const folder = await freshFolder();
    const url = await freshDatabaseUrl(kind, folder);
    const clock = (): number => Date.now();
    const house = await shift({ url, clock });
    const reapers = [await shift({ url, clock }), await shift({ url, clock })];
    await house.job('hello', { target: { kind: 'demo' }, approval: unasked });
    const chance = seeded(7);
    const faults: unknown[] = [];
    const reaping = reapers.map(({ rooms }) =>
      startLoop({
        name: 'reaper',
        idleMs: 1,
        observe: (observation) => faults.push(observation),
        tick: housekeeping(rooms)['recover-leases'],
      }),
    );
    onTestFinished(() => Promise.all(reaping.map((loop) => loop.stop())).then(() => undefined));
    const outcomes = { recorded: 0, refused: 0 };
    /** So long before the end of the lease the first reports come; earlier where the reaper has won nearly all of a round. */
    let earlyMs = 150;
    for (let done = 0; done < JOBS; done += TOGETHER) {
      const attempts = await begun(house, Math.min(TOGETHER, JOBS - done));
      const ended = await Promise.all(
        attempts.map(async (attempt) => {
          // Around the end of the lease, more often after it: the reaper takes its time, one by one.
          const afterMs = LEASE_MS - earlyMs + chance() * 800;
          await new Promise((resolve) => setTimeout(resolve, afterMs));
          return { attempt, outcome: await attempt.succeeds() };
        }),
      );
      for (const { attempt, outcome } of ended) {
        outcomes[outcome] += 1;
        await judge(house, attempt, outcome);
      }
      const share = ended.filter(({ outcome }) => outcome === 'recorded').length / ended.length;
      if (share < 0.1) earlyMs += 300;
      if (share > 0.9) earlyMs -= 300;
      await finishRest(house);
    }
    expect(faults).toEqual([]);
    // A race that one side always wins would prove nothing.
    expect(outcomes.recorded).toBeGreaterThan(JOBS / 20);
    expect(outcomes.refused).toBeGreaterThan(JOBS / 20);
    await record(`a reaper races reports, ${kind}`, { jobs: JOBS, ...outcomes, overwritten: 0 });
  });
});

/** Either the report stands and nobody took the run back, or the run was taken back and the report left no trace. */
const judge = async (house: Shift, { claimed }: Attempt, outcome: 'recorded' | 'refused') => {
  const { runId } = claimed.entry;
  const history = await house.store.runs.history(runId);
  expect(firstFault(history)).toBeUndefined();
  // RunCreated, RunApproved by its policy, ExecutionDispatched.
  const types = history.slice(3).map(({ type }) => type);
  const stored = (await house.store.runs.find([runId])).get(runId);
  expect([stored?.version, stored?.headHash]).toEqual([history.at(-1)?.seq, history.at(-1)?.hash]);
  const taken = ['ExecutionStarted', 'ExecutionLost', 'ExecutionRetried'];
  const stands = ['ExecutionStarted', 'ExecutionSucceeded'];
  expect([outcome, ...types]).toEqual([outcome, ...(outcome === 'recorded' ? stands : taken)]);
  expect(stored?.state.status).toBe(outcome === 'recorded' ? 'Succeeded' : 'Dispatching');
};

/** What was taken back is canceled, so that the next round begins with an empty queue. */
const finishRest = async (house: Shift): Promise<void> => {
  const { runs } = await house.store.runs.list({ status: ['Dispatching'], limit: 100 });
  await Promise.all(
    runs.map(({ state }) => house.give(state.runId, (at) => ({ type: 'cancel', by: by(ana), at }))),
  );
};
