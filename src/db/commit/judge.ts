import type { Commit, CommitOutcome, Draft, QueueChange, QueueEntry } from '../../core/ports/commit.ts';
import type { RepeatedDispatch } from './repeats.ts';

/** What the database says about everything that a batch of commits touches, read under locks. */
export interface Found {
  /** Ids of inbox rows that are still open. */
  readonly open: ReadonlySet<number>;
  /** Messages of synchronous doors that are known already, by `onceKey`. */
  readonly known: ReadonlySet<string>;
  readonly versions: ReadonlyMap<string, number>;
  readonly schedules: ReadonlyMap<string, number>;
  /** Where runs stand in the queue. */
  readonly places: ReadonlyMap<string, Place>;
  readonly systemSeq: number;
  readonly frozen: boolean;
}

export interface Place {
  readonly kind: 'queued' | 'leased';
  readonly epoch: number;
  readonly attempt: number;
  readonly fence: number;
  /** Of a lease. */
  readonly leaseUntil?: number;
}

/** What is to be written once every commit has been judged. */
export interface Verdict {
  readonly outcomes: readonly CommitOutcome[];
  readonly accepted: readonly Commit[];
  /** Runs that leave the queue, whatever they are in it. */
  readonly removed: readonly string[];
  /** Leases that end with their commit. */
  readonly released: readonly string[];
  readonly added: readonly { readonly entry: QueueEntry; readonly due: boolean }[];
  readonly drafts: readonly { readonly draft: Draft; readonly at: number }[];
  /** Dispatches of attempts that are in the queue already. */
  readonly repeated: readonly RepeatedDispatch[];
}

export const onceKey = (once: { channel: string; account: string; eventKey: string }): string =>
  JSON.stringify([once.channel, once.account, once.eventKey]);

/**
 * Which commits stand and which fall, in their order, each seeing what the ones before it did. Nothing has been written
 * yet when a commit falls, so it leaves nothing behind and needs no undoing.
 */
export const judge = (commits: readonly Commit[], found: Found): Verdict => {
  const world = begin(found);
  const accepted: Commit[] = [];
  const outcomes = commits.map((commit) => {
    const outcome = outcomeOf(commit, world);
    if (outcome === 'committed') {
      accept(commit, world);
      accepted.push(commit);
    }
    return outcome;
  });
  return {
    outcomes,
    accepted,
    removed: [...world.removed],
    released: [...world.released],
    added: [...world.added.values()],
    drafts: accepted.flatMap(({ outbox, at }) => outbox.map((draft) => ({ draft, at }))),
    repeated: world.repeated,
  };
};

interface World {
  readonly open: Set<number>;
  readonly known: Set<string>;
  readonly versions: Map<string, number>;
  readonly schedules: Map<string, number>;
  readonly places: Map<string, Place>;
  systemSeq: number;
  frozen: boolean;
  readonly removed: Set<string>;
  readonly released: Set<string>;
  readonly added: Map<string, { entry: QueueEntry; due: boolean }>;
  readonly repeated: RepeatedDispatch[];
}

const begin = (found: Found): World => ({
  open: new Set(found.open),
  known: new Set(found.known),
  versions: new Map(found.versions),
  schedules: new Map(found.schedules),
  places: new Map(found.places),
  systemSeq: found.systemSeq,
  frozen: found.frozen,
  removed: new Set(),
  released: new Set(),
  added: new Map(),
  repeated: [],
});

const outcomeOf = (commit: Commit, world: World): CommitOutcome => {
  const { once, lease, run, records, decides, schedules = [] } = commit;
  if (once?.kind === 'mark' && !world.open.has(once.inboxId)) return 'seen_before';
  if (once?.kind === 'first' && world.known.has(onceKey(once))) return 'seen_before';
  if (lease !== undefined) {
    const place = world.places.get(lease.runId);
    if (place?.kind !== 'leased' || place.fence !== lease.fence) return 'stale_lease';
    if (lease.leaseUntil !== undefined && place.leaseUntil !== lease.leaseUntil) return 'stale_lease';
  }
  if (run !== undefined && (world.versions.get(run.state.runId) ?? 0) !== run.expectedVersion) {
    return 'stale_version';
  }
  if (decides === true && world.frozen) return 'stale_version';
  if (schedules.some((one) => (world.schedules.get(one.key) ?? 0) !== one.expectedVersion))
    return 'stale_schedule';
  if (records !== undefined && world.systemSeq !== records.expectedSeq) return 'stale_version';
  return 'committed';
};

const accept = (commit: Commit, world: World): void => {
  const { once, lease, run, records, schedules = [], upkeep = [], queue, at } = commit;
  if (once?.kind === 'mark') world.open.delete(once.inboxId);
  if (once?.kind === 'first') world.known.add(onceKey(once));
  if (run !== undefined) world.versions.set(run.state.runId, run.expectedVersion + run.events.length);
  if (records !== undefined) world.systemSeq += records.events.length;
  for (const { key, expectedVersion } of schedules) world.schedules.set(key, expectedVersion + 1);
  // The lease goes first: the same commit may queue the run again.
  if (lease?.after === 'release') {
    world.places.delete(lease.runId);
    world.released.add(lease.runId);
  }
  for (const change of queue) requeue(change, at, world);
  for (const { kind } of upkeep) {
    if (kind === 'freeze' || kind === 'unfreeze') world.frozen = kind === 'freeze';
  }
};

const requeue = (change: QueueChange, at: number, world: World): void => {
  if (change.op === 'remove') {
    // Whoever ends a lease that it held knows that the run is nowhere else in the queue.
    if (!world.released.has(change.runId) || world.places.has(change.runId)) leave(change.runId, world);
    return;
  }
  const { entry } = change;
  const place = world.places.get(entry.runId);
  // The same dispatch again is no news, wherever the first one has got to.
  if (place?.epoch === entry.epoch && place.attempt === entry.attempt) {
    const { runId, epoch, attempt } = entry;
    world.repeated.push({ runId, epoch, attempt, at });
    return;
  }
  if (place !== undefined) leave(entry.runId, world);
  const { epoch, attempt, fence, runId } = entry;
  world.places.set(runId, { kind: 'queued', epoch, attempt, fence });
  world.added.set(runId, { entry, due: entry.notBefore <= at });
};

const leave = (runId: string, world: World): void => {
  world.places.delete(runId);
  world.added.delete(runId);
  world.removed.add(runId);
};
