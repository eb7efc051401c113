import type { OpsFigures } from '../../core/ports/store.ts';
import { missing } from '../../core/runs/heartbeat.ts';
import { given } from '../codec.ts';
import { first, type Param, rows, type Steps } from '../steps.ts';
import { heartbeats } from '../watch/heartbeats.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Beyond this the exact number helps nobody. */
const countMax = 10_000;
const listMax = 50;

/** Every figure is read from an index that holds only what it counts, so a long history costs nothing. */
export function* figures(at: number): Steps<OpsFigures> {
  const ready = yield* counted('job_queue', 'not_before');
  const waiting = yield* counted("runs where status = 'AwaitingApproval'", 'created_at');
  const openOutbox = yield* counted("outbox where state in ('open', 'sending')", 'created_at');
  return {
    ready: ready.n,
    ...since('oldestReadyMs', ready.oldest, at),
    later: yield* countUpTo('job_later'),
    running: yield* countUpTo('job_leases'),
    stale: yield* stale(at),
    waiting: waiting.n,
    ...since('oldestWaitingMs', waiting.oldest, at),
    failedHour: yield* countUpTo("runs where status = 'Failed' and ended_at > $1", at - hourMs),
    endedHour: yield* countUpTo('runs where ended_at > $1', at - hourMs),
    failedDay: yield* countUpTo("runs where status = 'Failed' and ended_at > $1", at - dayMs),
    ...given('commonError', yield* commonError(at - hourMs)),
    deadInbox: yield* countUpTo("inbox where state = 'dead'"),
    deadOutbox: yield* countUpTo("outbox where state = 'dead'"),
    deadJobs: yield* countUpTo("job_dead_letter where state = 'open'"),
    openInbox: yield* countUpTo("inbox where state = 'open'"),
    openOutbox: openOutbox.n,
    ...since('oldestOutboxMs', openOutbox.oldest, at),
    ambiguous: yield* countUpTo("outbox where state in ('open', 'sending') and ambiguous > 0"),
    paused: yield* paused(),
    silent: missing(yield* heartbeats()).map(({ name, kind, beatAt }) => ({
      name,
      kind,
      sinceMs: Math.max(0, at - beatAt),
    })),
    ...given('schedule', yield* schedule(at)),
    workers: yield* workers(at),
  };
}

const since = <K extends string>(
  name: K,
  oldest: number | null,
  at: number,
): { readonly [P in K]?: number } => given(name, oldest === null ? undefined : Math.max(0, at - oldest));

function* counted(what: string, oldestOf: string): Steps<{ n: number; oldest: number | null }> {
  const row = yield* first<{ n: number; oldest: number | null }>(
    `select count(*) as n, min(${oldestOf}) as oldest from ${what}`,
  );
  return row ?? { n: 0, oldest: null };
}

function* countUpTo(what: string, ...params: readonly Param[]): Steps<number> {
  const row = yield* first<{ n: number }>(
    `select count(*) as n from (select 1 as one from ${what} limit ${countMax}) as found`,
    ...params,
  );
  return row?.n ?? 0;
}

function* stale(at: number): Steps<OpsFigures['stale']> {
  const found = yield* rows<{ run_id: string; job_key: string; worker_id: string; beat_at: number }>(
    'select run_id, job_key, worker_id, beat_at from job_leases where lease_until < $1 ' +
      'order by lease_until limit $2',
    at,
    listMax,
  );
  return found.map((row) => ({
    runId: row.run_id,
    jobKey: row.job_key,
    workerId: row.worker_id,
    sinceMs: Math.max(0, at - row.beat_at),
  }));
}

function* commonError(after: number): Steps<OpsFigures['commonError']> {
  return yield* first<{ summary: string; count: number }>(
    'select failure as summary, count(*) as count from ' +
      "(select failure from runs where status = 'Failed' and ended_at > $1 limit $2) as failed " +
      'where failure is not null group by failure order by count(*) desc, failure limit 1',
    after,
    countMax,
  );
}

function* paused(): Steps<readonly string[]> {
  const found = yield* rows<{ what: string }>(
    "select what from queue_pauses union all select 'frozen' from freezes union all " +
      "select 'off' as what where not exists " +
      "(select 1 from gates where name = 'queue.job_substrate.enabled' and open = 1) order by what desc",
  );
  return found.map(({ what }) => what);
}

function* schedule(at: number): Steps<OpsFigures['schedule']> {
  const oldest = yield* nextSchedule('next_at is not null');
  if (oldest === undefined) return undefined;
  const next = oldest.at > at ? oldest : yield* nextSchedule('next_at > $1', at);
  return { lateMs: Math.max(0, at - oldest.at), ...given('next', next) };
}

const nextSchedule = (which: string, ...params: readonly Param[]) =>
  first<{ at: number; timezone: string }>(
    `select next_at as at, timezone from schedules where ${which} order by next_at limit 1`,
    ...params,
  );

function* workers(at: number): Steps<OpsFigures['workers']> {
  const found = yield* rows<{ name: string; slots: number; beat_at: number }>(
    "select name, slots, beat_at from queue_heartbeat where kind = 'worker' and beat_at > $1 " +
      'order by name limit $2',
    at - dayMs,
    listMax,
  );
  return found.map(({ name, slots, beat_at }) => ({
    workerId: name,
    beatMsAgo: Math.max(0, at - beat_at),
    slots,
  }));
}
