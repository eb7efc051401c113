import { describe, expect } from 'vitest';
import type { Claimed, Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { withMemoryQueue } from '../../src/worker/memory-queue.ts';
import { type Dice, dice } from './dice.ts';
import { dequeue, enqueue, entry, nothing, T0, unlimited } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const RUNS = ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'] as const;
/** Each job with its limit; the last one has none. */
const JOBS = [
  { jobKey: 'one', concurrency: 1 },
  { jobKey: 'two', concurrency: 2 },
  { jobKey: 'any', concurrency: unlimited },
] as const;
const WORKERS = ['w1', 'w2'] as const;
/** Times are few, so that they meet. */
const TICK_MS = 10;
const LEASE_MS = 5 * TICK_MS;
const STEPS = 200;

type When = 'at once' | 'later';

/** A lease as its worker knows it. The two queues count fences in their own way, so each has its own. */
interface Held {
  readonly runId: string;
  readonly workerId: string;
  readonly fences: readonly number[];
}

const withoutFence = (claimed: readonly Claimed[]) =>
  claimed.map(({ entry: { fence: _, ...one }, waitedMs }) => ({ ...one, waitedMs }));

/** The same questions to several queues; all of them have to answer alike. */
const scene = (queues: readonly Store[], roll: Dice, when: When) => {
  const leases: Held[] = [];
  const dispatches = new Map<string, number>();
  let at = T0;

  const all = async <T>(ask: (queue: Store, index: number) => Promise<T>): Promise<readonly T[]> => {
    const answers: T[] = [];
    for (const [index, queue] of queues.entries()) answers.push(await ask(queue, index));
    return answers;
  };
  const alike = async <T>(ask: (queue: Store, index: number) => Promise<T>): Promise<void> => {
    const [first, ...others] = await all(ask);
    for (const one of others) expect(one).toEqual(first);
  };

  /** Among equals the one that came first is the one that became due first, which only the database tells apart. */
  const turnOf = (runId: string) =>
    when === 'at once'
      ? { priority: roll.below(2), notBefore: at }
      : { priority: Number(runId.slice(1)), notBefore: at + TICK_MS * roll.below(4) };

  const adds = async (): Promise<void> => {
    const runId = roll.among(RUNS);
    const attempt = (dispatches.get(runId) ?? 0) + (roll.isRare() ? 0 : 1);
    dispatches.set(runId, attempt);
    // A run stays with its job; the number in its name says with which.
    const job = JOBS[Number(runId.slice(1)) % JOBS.length] ?? JOBS[0];
    const turn = turnOf(runId);
    await alike((queue, index) => {
      // A dispatch knows the newest fence of its run, so that no lease of an earlier one can pass for its own.
      const known = leases.filter((one) => one.runId === runId).map(({ fences }) => fences[index] ?? 0);
      const fence = Math.max(0, ...known);
      return queue.runs.commit([{ ...enqueue(entry(runId, { attempt, ...job, ...turn, fence })), at }]);
    });
  };

  const claims = async (): Promise<void> => {
    const claim = { workerId: roll.among(WORKERS), limit: roll.below(4), at, leaseMs: LEASE_MS };
    const found = await all((queue) => queue.queue.claim(claim));
    for (const claimed of found) expect(withoutFence(claimed)).toEqual(withoutFence(found[0] ?? []));
    for (const [index, { entry: one }] of (found[0] ?? []).entries()) {
      const fences = found.map((claimed) => claimed[index]?.fence ?? 0);
      leases.push({ runId: one.runId, workerId: claim.workerId, fences });
    }
  };

  const beats = async (): Promise<void> => {
    const workerId = roll.among(WORKERS);
    const mine = roll.some(leases);
    await alike(async (queue, index) => {
      const held = mine.map(({ runId, fences }) => ({ runId, fence: fences[index] ?? 0 }));
      const { lost } = await queue.queue.beat({ workerId, held, at, leaseMs: LEASE_MS });
      return lost;
    });
  };

  const releases = async (lease: Held | undefined): Promise<void> => {
    if (lease === undefined) return;
    const { runId, fences } = lease;
    await alike((queue, index) => queue.queue.release({ runId, fence: fences[index] ?? 0, at }));
  };

  /** A worker reports: the lease ends, and the run may be queued again in the same commit. */
  const reports = async (lease: Held | undefined): Promise<void> => {
    if (lease === undefined) return;
    const { runId, fences } = lease;
    const after = roll.among(['keep', 'release'] as const);
    await alike((queue, index) =>
      queue.runs.commit([{ ...nothing, at, lease: { runId, fence: fences[index] ?? 0, after } }]),
    );
  };

  const removes = async (): Promise<void> => {
    const runId = roll.among(RUNS);
    await alike((queue) => queue.runs.commit([{ ...dequeue(runId), at }]));
  };
  const forsakes = async (): Promise<void> => {
    const workerId = roll.among(WORKERS);
    await all((queue) => queue.queue.forsake(workerId, at));
  };
  const pauses = async (): Promise<void> => {
    const what = roll.among(['queue', 'job:one', 'job:two', 'job:any']);
    const isPause = what === 'queue' ? roll.isRare() : roll.below(2) === 0;
    const upkeep = isPause
      ? ([{ kind: 'pause', what, by: 'Ana' }] as const)
      : ([{ kind: 'unpause', what }] as const);
    await alike((queue) => queue.runs.commit([{ ...nothing, at, upkeep }]));
  };

  return {
    step: async (): Promise<void> => {
      at += TICK_MS * roll.below(2);
      const act = roll.below(16);
      if (act < 5) return adds();
      if (act < 10) return claims();
      if (act < 11) return beats();
      if (act < 14) return roll.among([releases, reports])(roll.anyOf(leases.slice(-6)));
      await roll.among([removes, forsakes, pauses])();
    },
    /** What everybody can see of a queue. */
    agrees: async (): Promise<void> => {
      await alike(async ({ reader, queue }) => {
        const { ready, later, running, stale, paused } = await reader.figures(at);
        const ends = (await queue.expired(at, 10)).map(
          (one) => `${one.leaseUntil} ${one.workerId} ${one.beatAt}`,
        );
        const overdue = stale.map(({ runId }) => runId).toSorted();
        const holders = (await queue.holders()).toSorted();
        // What has become due joins the others with the next claim only.
        return { waiting: ready + later, running, paused, overdue, holders, ends: ends.toSorted() };
      });
    },
    claimed: () => leases.length,
  };
};

export const queueHistoriesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the queue over long histories', () => {
    for (const when of ['at once', 'later'] as const) {
      law(`answers as the queue of development does, with work that is due ${when}`, async ({ store }) => {
        const memory = withMemoryQueue(await openStore({ url: ':memory:' }));
        const { step, agrees, claimed } = scene([memory, store], dice(11), when);
        for (let n = 0; n < STEPS; n += 1) {
          await step();
          if (n % 10 === 0) await agrees();
        }
        expect(claimed()).toBeGreaterThan(15);
        await memory.close();
      });
    }
  });
};
