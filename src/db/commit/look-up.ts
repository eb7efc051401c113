import type { Commit } from '../../core/ports/commit.ts';
import { scheduleVersions } from '../catalog/schedule-moves.ts';
import { first, rows, type Steps } from '../steps.ts';
import { type Found, onceKey, type Place } from './judge.ts';

/** Reads what a batch will be judged by, and holds it until the end of the transaction. */
export function* lookUp(commits: readonly Commit[]): Steps<Found> {
  return {
    open: yield* openMarks(commits),
    known: yield* knownMessages(commits),
    versions: yield* versions(commits),
    schedules: yield* scheduleVersions(commits),
    // Always in this order, so that two batches cannot wait for each other.
    places: yield* places(commits),
    systemSeq: commits.some(({ records }) => records !== undefined) ? yield* systemSeq() : 0,
    frozen: commits.some(({ decides }) => decides === true) ? yield* isFrozen() : false,
  };
}

function* openMarks(commits: readonly Commit[]): Steps<ReadonlySet<number>> {
  const ids = commits.flatMap(({ once }) => (once?.kind === 'mark' ? [once.inboxId] : []));
  if (ids.length === 0) return new Set();
  const open = yield* rows<{ id: number }>(
    "select id from inbox where id = any($1) and state = 'open' order by id for update",
    ids,
  );
  return new Set(open.map(({ id }) => id));
}

function* knownMessages(commits: readonly Commit[]): Steps<ReadonlySet<string>> {
  const messages = commits.flatMap(({ once }) => (once?.kind === 'first' ? [once] : []));
  const known = new Set<string>();
  for (const [name, group] of Map.groupBy(messages, (one) => JSON.stringify([one.channel, one.account]))) {
    const [channel, account] = JSON.parse(name) as [string, string];
    const found = yield* rows<{ event_key: string }>(
      'select event_key from inbox where channel = $1 and account = $2 and event_key = any($3)',
      channel,
      account,
      group.map(({ eventKey }) => eventKey),
    );
    for (const { event_key } of found) known.add(onceKey({ channel, account, eventKey: event_key }));
  }
  return known;
}

function* versions(commits: readonly Commit[]): Steps<ReadonlyMap<string, number>> {
  const ids = commits.flatMap(({ run }) => (run === undefined ? [] : [run.state.runId]));
  if (ids.length === 0) return new Map();
  const found = yield* rows<{ id: string; version: number }>(
    'select id, version from runs where id = any($1) order by id for update',
    ids,
  );
  return new Map(found.map(({ id, version }) => [id, version]));
}

interface PlaceRow {
  readonly run_id: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly fence: number;
}

function* places(commits: readonly Commit[]): Steps<ReadonlyMap<string, Place>> {
  const queued = commits.flatMap(({ queue }) =>
    queue.flatMap((change) => (change.op === 'add' ? [change.entry.runId] : [])),
  );
  const leased = [...queued, ...commits.flatMap(({ lease }) => (lease === undefined ? [] : [lease.runId]))];
  const found = new Map<string, Place>();
  if (queued.length > 0) {
    const ready = yield* rows<PlaceRow>(
      'select run_id, epoch, attempt, fence from job_queue where run_id = any($1) ' +
        'union all select run_id, epoch, attempt, fence from job_later where run_id = any($1)',
      queued,
    );
    for (const { run_id, ...place } of ready) found.set(run_id, { kind: 'queued', ...place });
  }
  if (leased.length > 0) {
    const held = yield* rows<PlaceRow & { readonly lease_until: number }>(
      'select run_id, epoch, attempt, fence, lease_until from job_leases where run_id = any($1) ' +
        'order by run_id for update',
      leased,
    );
    for (const { run_id, lease_until: leaseUntil, ...place } of held)
      found.set(run_id, { kind: 'leased', ...place, leaseUntil });
  }
  return found;
}

/** Whoever freezes writes a record, and so has to wait for the decisions that have looked, or they for the freeze. */
function* isFrozen(): Steps<boolean> {
  yield* rows("select seq from system_chain where name = 'system' for share");
  return (yield* first('select what from freezes')) !== undefined;
}

/** The number of the newest record, held until the end of the transaction. */
export function* systemSeq(): Steps<number> {
  const head = yield* first<{ seq: number }>("select seq from system_chain where name = 'system' for update");
  return head?.seq ?? 0;
}
