import { describe, expect, test } from 'vitest';
import { ana, by } from '../cast.ts';
import { DATABASES, freshDatabaseUrl } from '../e2e/databases.ts';
import { freshFolder } from '../e2e/program.ts';
import { seeded } from '../seeded.ts';
import { newSeconds, processesWith } from '../worker/guard/guarded.ts';
import { type Shift, shift, unasked } from '../worker/shift.ts';
import { until } from '../worker/workbench.ts';
import { record } from './evidence.ts';
import { sized } from './size.ts';

const RACES = sized(50, 500);
const SLOTS = 4;
/** At once: one of them has to wait for a slot. */
const TOGETHER = SLOTS + 1;
/** From claim to process it takes about so long; on a busy machine longer, which only moves the winner. */
const SPREAD_MS = 60;
const GONE_MS = 10_000;
/** Nobody is late for a lease here, however busy the machine is: that is another race. */
const LEASE_MS = 6000;

interface Race {
  readonly runId: string;
  /** All who sleep so long belong to this run. */
  readonly seconds: string;
}

const race = async (house: Shift, chance: () => number): Promise<Race> => {
  const seconds = newSeconds();
  const job = await house.job(`sleep-${seconds.replace('.', '-')}`, {
    target: { kind: 'command', command: ['sleep', seconds], env: [] },
    approval: unasked,
  });
  const runId = await house.dispatched(job);
  // Half of them at once: on SQLite the worker is quick.
  const waitMs = (2 * chance() - 1) * SPREAD_MS;
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  await house.give(runId, (at) => ({ type: 'cancel', by: by(ana), at }));
  const canceled = performance.now();
  const alive = () => processesWith(seconds);
  await until(`nobody sleeps ${seconds}`, () => isOver(house, runId) && alive().length === 0, GONE_MS);
  expect(performance.now() - canceled).toBeLessThan(GONE_MS);
  return { runId, seconds };
};

/** Its attempt has ended, or never began: an attempt that began may not have its process yet. */
const isOver = ({ seen }: Shift, runId: string): boolean => {
  const happened = (kind: 'attempt_started' | 'attempt_ended') =>
    seen.some((one) => one.kind === kind && one.runId === runId);
  return !happened('attempt_started') || happened('attempt_ended');
};

describe.each(DATABASES)('a cancel that races the start of its run, on %s', (kind) => {
  // Who is alive is read from /proc.
  test.skipIf(process.platform !== 'linux')(
    `${RACES} times: no process is alive after it, and none starts`,
    async () => {
      const house = await shift({ url: await freshDatabaseUrl(kind, await freshFolder()) });
      house.worker('w1', { slots: SLOTS, leaseMs: LEASE_MS });
      const chance = seeded(11);
      const races: Race[] = [];
      while (races.length < RACES) {
        races.push(...(await Promise.all(Array.from({ length: TOGETHER }, () => race(house, chance)))));
      }
      const winners = { cancel: 0, start: 0 };
      for (const { runId, seconds } of races) {
        const types = (await house.events(runId)).slice(3);
        expect(['RunCanceled', 'ExecutionStarted RunCanceled']).toContain(types.join(' '));
        winners[types[0] === 'RunCanceled' ? 'cancel' : 'start'] += 1;
        // All races are long over by now: what had begun late would be there.
        expect(processesWith(seconds)).toEqual([]);
      }
      // A race that one side always wins would prove nothing.
      expect(Math.min(winners.cancel, winners.start)).toBeGreaterThan(0);
      await record(`a cancel races the start, ${kind}`, { races: races.length, ...winners, alive: 0 });
    },
  );
});
