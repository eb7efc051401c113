import type { HeldLease, QueueChange, QueueEntry } from '../core/ports/commit.ts';
import type { Claimed, IExecutionQueue, Lease } from '../core/ports/store.ts';

interface Waiting {
  readonly entry: QueueEntry;
  /** Order of arrival; an entry that is given back keeps it. */
  readonly seq: number;
}

type Held = Lease & Waiting;

/** Entries and leases of one process, under the same laws as the tables of the database. */
export const memoryEntries = () => {
  const waiting = new Map<string, Waiting>();
  const leases = new Map<string, Held>();
  let arrivals = 0;
  // One counter for all runs: larger than any fence that any of them has seen, also across its epochs.
  let newestFence = 0;

  const held = ({ runId, fence, leaseUntil }: HeldLease): Held | undefined => {
    const lease = leases.get(runId);
    if (lease?.fence !== fence || lease.leaseUntil !== (leaseUntil ?? lease.leaseUntil)) return undefined;
    return lease;
  };

  const add = (entry: QueueEntry): void => {
    const { runId } = entry;
    const known = waiting.get(runId)?.entry ?? leases.get(runId)?.entry;
    // The same dispatch again is no news, wherever the first one has got to.
    if (known?.epoch === entry.epoch && known.attempt === entry.attempt) return;
    leases.delete(runId);
    arrivals += 1;
    waiting.set(runId, { entry, seq: arrivals });
  };

  const lease = ({ entry, seq }: Waiting, { workerId, at, leaseMs }: Claim): Claimed => {
    newestFence = Math.max(newestFence, entry.fence) + 1;
    const fence = newestFence;
    waiting.delete(entry.runId);
    leases.set(entry.runId, { entry, seq, workerId, fence, leaseUntil: at + leaseMs, beatAt: at });
    return { entry, fence, waitedMs: Math.max(0, at - entry.notBefore) };
  };

  return {
    waiting: (): readonly QueueEntry[] => [...waiting.values()].map(({ entry }) => entry),
    leases: (): readonly Lease[] => [...leases.values()],
    isHeld: (claim: HeldLease): boolean => held(claim) !== undefined,
    add,
    /** `paused`: jobs, as `job:KEY`. */
    claim: (claim: Claim, paused: ReadonlySet<string>): readonly Claimed[] => {
      const due = [...waiting.values()].filter(
        ({ entry }) => entry.notBefore <= claim.at && !paused.has(`job:${entry.jobKey}`),
      );
      const running = counted([...leases.values()].map(({ entry }) => entry.jobKey));
      const chosen: Waiting[] = [];
      for (const one of due.toSorted(byUrgency)) {
        if (chosen.length >= claim.limit) break;
        const { jobKey, concurrency } = one.entry;
        const count = running.get(jobKey) ?? 0;
        if (count >= concurrency) continue;
        running.set(jobKey, count + 1);
        chosen.push(one);
      }
      return chosen.map((one) => lease(one, claim));
    },
    beat: ({ workerId, held: asked, at, leaseMs }: Beat): readonly string[] =>
      asked.flatMap((claim) => {
        const found = held(claim);
        if (found?.workerId !== workerId) return [claim.runId];
        leases.set(claim.runId, { ...found, leaseUntil: at + leaseMs, beatAt: at });
        return [];
      }),
    forsake: (workerId: string, at: number): void => {
      for (const [runId, one] of leases) {
        if (one.workerId === workerId)
          leases.set(runId, { ...one, leaseUntil: Math.min(one.leaseUntil, at - 1) });
      }
    },
    giveBack: (claim: HeldLease): boolean => {
      const found = held(claim);
      if (found === undefined) return false;
      leases.delete(claim.runId);
      waiting.set(claim.runId, { entry: { ...found.entry, fence: found.fence }, seq: found.seq });
      return true;
    },
    endLease: (runId: string): void => {
      leases.delete(runId);
    },
    change: (change: QueueChange): void => {
      if (change.op === 'add') return add(change.entry);
      waiting.delete(change.runId);
      leases.delete(change.runId);
    },
    /** The lease of a worker that died with the process before this one. */
    inherit: (old: Lease): void => {
      newestFence = Math.max(newestFence, old.fence);
      leases.set(old.entry.runId, { ...old, seq: 0 });
    },
  };
};

export type MemoryEntries = ReturnType<typeof memoryEntries>;

type Claim = Parameters<IExecutionQueue['claim']>[0];
type Beat = Parameters<IExecutionQueue['beat']>[0];

const byUrgency = (a: Waiting, b: Waiting): number => b.entry.priority - a.entry.priority || a.seq - b.seq;

const counted = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};
