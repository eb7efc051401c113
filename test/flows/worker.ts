import type { Rooms } from '../../src/core/flows/messages/heard.ts';
import {
  finishAttempt,
  reportProgress,
  type Start,
  startAttempt,
} from '../../src/core/flows/runs/attempt.ts';
import type { ExecutionOutcome } from '../../src/core/ports/executor.ts';
import type { Claimed } from '../../src/core/ports/store.ts';

/** What a worker holds in hand. */
export interface Attempt {
  readonly claimed: Claimed;
  /** What the last look before the start has said. */
  readonly start: Start;
  readonly succeeds: (summary?: string) => Promise<'recorded' | 'refused'>;
  readonly fails: (summary?: string, more?: Partial<Failed>) => Promise<'recorded' | 'refused'>;
  readonly tells: (percent: number, text: string) => Promise<'told' | 'stale'>;
  /** True while the lease is still held. */
  readonly holds: () => Promise<boolean>;
}

/** A worker whose every step is the test's. */
export interface Hand {
  /** Says that it is alive. */
  readonly beats: () => Promise<void>;
  /** Claims one run; undefined when there is nothing to do. */
  readonly claims: () => Promise<Claimed | undefined>;
  readonly begins: (claimed: Claimed) => Promise<Attempt>;
  /** Claims and begins; there has to be something. */
  readonly takes: () => Promise<Attempt>;
}

type Failed = Extract<ExecutionOutcome, { kind: 'failed' }>;

interface Given {
  readonly rooms: () => Rooms;
  readonly leaseMs: number;
  readonly now: () => number;
}

export const hire = ({ rooms, leaseMs, now }: Given, workerId: string): Hand => {
  const claims: Hand['claims'] = async () => {
    const [claimed] = await rooms().store.queue.claim({ workerId, limit: 1, at: now(), leaseMs });
    return claimed;
  };
  const begins: Hand['begins'] = async (claimed) => {
    const start = await startAttempt(rooms(), workerId)(claimed);
    const { fence, entry } = claimed;
    const { runId, epoch, attempt } = entry;
    const lease = { runId, fence };
    return {
      claimed,
      start,
      succeeds: (summary = '4.1 GB written') =>
        finishAttempt(rooms(), workerId)({ ...lease, epoch, attempt }, succeeded(summary)),
      fails: (summary = 'No space left on device', more = {}) =>
        finishAttempt(rooms(), workerId)({ ...lease, epoch, attempt }, { ...failed(summary), ...more }),
      tells: (percent, text) => reportProgress(rooms(), workerId)(lease, { percent, text }),
      holds: async () => {
        const { lost } = await rooms().store.queue.beat({ workerId, held: [lease], at: now(), leaseMs });
        return !lost.includes(runId);
      },
    };
  };
  return {
    beats: () => rooms().store.heartbeats.beat({ name: workerId, kind: 'worker', slots: 1, at: now() }),
    claims,
    begins,
    takes: async () => {
      const claimed = await claims();
      if (claimed === undefined) throw new Error(`${workerId} found nothing to do`);
      return begins(claimed);
    },
  };
};

const output = { head: 'dump orders\nwrite\n', tail: '', bytes: 18, sha256: 'b'.repeat(64) };

const succeeded = (summary: string): ExecutionOutcome => ({ kind: 'succeeded', summary, output });

const failed = (summary: string): Failed => ({
  kind: 'failed',
  reason: 'exit',
  summary,
  exitCode: 28,
  output,
});
