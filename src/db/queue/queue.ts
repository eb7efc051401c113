import type { IDatabaseExecutionQueue, IExecutionQueue, Lease } from '../../core/ports/store.ts';
import type { Engine } from '../engine.ts';
import { first, many, rows, type Steps } from '../steps.ts';
import { claimEntries } from './claim.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf, READY_AGAIN, rankOf, valuesOf } from './rows.ts';

export const queueOf = (engine: Engine): IDatabaseExecutionQueue => ({
  claim: (p) => engine.write(() => claimEntries(engine, p)),
  beat: async (p) => (p.held.length === 0 ? { lost: [] } : engine.write(() => beat(p))),
  release: async (p) => {
    const released = await engine.write(() => release(p));
    if (released) engine.wake(['queue']);
    return released;
  },
  expired: (at, limit, but = []) => engine.read(() => expired(at, limit, but)),
  holders: () =>
    engine.read(function* () {
      const found = yield* rows<{ worker_id: string }>('select distinct worker_id from job_leases');
      return found.map(({ worker_id }) => worker_id);
    }),
  forsake: (workerId, at) =>
    engine.write(function* () {
      yield* rows(
        'update job_leases set lease_until = $2 where worker_id = $1 and lease_until > $2',
        workerId,
        at - 1,
      );
    }),
});

type Beat = Parameters<IExecutionQueue['beat']>[0];

function* beat({ workerId, held, at, leaseMs }: Beat): Steps<{ lost: readonly string[] }> {
  const found = yield* rows<{ run_id: string; fence: number }>(
    'select run_id, fence from job_leases where run_id = any($1) and worker_id = $2 order by run_id for update',
    held.map(({ runId }) => runId),
    workerId,
  );
  const fences = new Map(found.map(({ run_id, fence }) => [run_id, fence]));
  const isHeld = ({ runId, fence }: Beat['held'][number]): boolean => fences.get(runId) === fence;
  const kept = held.filter(isHeld).map(({ runId }) => runId);
  if (kept.length > 0) {
    yield* rows(
      'update job_leases set lease_until = $2, beat_at = $3 where run_id = any($1)',
      kept,
      at + leaseMs,
      at,
    );
  }
  return { lost: held.filter((one) => !isHeld(one)).map(({ runId }) => runId) };
}

function* release({ runId, fence, leaseUntil }: Parameters<IExecutionQueue['release']>[0]): Steps<boolean> {
  const lease = yield* first<EntryRow & { readonly seq: number }>(
    'delete from job_leases where run_id = $1 and fence = $2 and lease_until = coalesce($3, lease_until) ' +
      `returning ${ENTRY_COLUMNS}, seq`,
    runId,
    fence,
    leaseUntil ?? null,
  );
  if (lease === undefined) return false;
  yield* many(READY_AGAIN, [[...valuesOf(lease), rankOf(lease), lease.seq]]);
  return true;
}

interface LeaseRow extends EntryRow {
  readonly worker_id: string;
  readonly lease_until: number;
  readonly beat_at: number;
}

function* expired(at: number, limit: number, but: readonly string[]): Steps<readonly Lease[]> {
  const found = yield* rows<LeaseRow>(
    `select ${ENTRY_COLUMNS}, worker_id, lease_until, beat_at from job_leases ` +
      'where lease_until < $1 and run_id <> all($3) order by lease_until limit $2',
    at,
    limit,
    but,
  );
  return found.map((row) => ({
    entry: entryOf(row),
    workerId: row.worker_id,
    fence: row.fence,
    leaseUntil: row.lease_until,
    beatAt: row.beat_at,
  }));
}
