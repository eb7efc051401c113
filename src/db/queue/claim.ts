import type { Claimed, IExecutionQueue } from '../../core/ports/store.ts';
import type { Engine } from '../engine.ts';
import { first, many, rows, type Steps } from '../steps.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf, LEASE, READY, rankOf, valuesOf } from './rows.ts';

type Claim = Parameters<IExecutionQueue['claim']>[0];

interface Candidate extends EntryRow {
  readonly seq: number;
  readonly rank: number;
}

export function* claimEntries(engine: Engine, claim: Claim): Steps<readonly Claimed[]> {
  const { at, limit } = claim;
  if (limit <= 0) return [];
  const found = new Set((yield* rows<{ what: string }>(OVERVIEW, at)).map(({ what }) => what));
  if (found.has('queue')) return [];
  const paused = [...found].flatMap((what) => (what.startsWith(PAUSED) ? what.slice(PAUSED.length) : []));
  if (found.has('later')) yield* promote(at);
  // What was promoted may be of a job with a limit.
  const mayBeLimited = found.has('limited') || found.has('later');
  const free = yield* freeCandidates(limit, paused);
  const limited = mayBeLimited ? yield* limitedCandidates(engine, limit, paused) : [];
  const chosen = [...free, ...limited].toSorted((a, b) => a.rank - b.rank || a.seq - b.seq).slice(0, limit);
  return yield* lease(chosen, claim);
}

const PAUSED = 'job:';

/**
 * Asked with every claim and never remembered: what was closed or paused is so for everybody at once. `queue`: nothing may be
 * claimed; `job:KEY`: nothing of this job; `later`, `limited`: there are such entries, which most claims need not look for.
 * The orders make the planner use the indexes, in which the dead rows of a drained table are skipped.
 */
const OVERVIEW =
  "select what from queue_pauses union all select 'queue' from freezes " +
  "union all select 'queue' where not exists " +
  "(select 1 from gates where name = 'queue.job_substrate.enabled' and open = 1) " +
  "union all select 'later' where " +
  '(select not_before from job_later where not_before <= $1 order by not_before limit 1) is not null ' +
  "union all select 'limited' where " +
  '(select job_key from job_queue where concurrency < 9007199254740991 order by job_key limit 1) is not null';

const COLUMNS = `${ENTRY_COLUMNS}, seq, rank`;
const FREE =
  `select ${COLUMNS} from job_queue where concurrency >= 9007199254740991 ` +
  'order by rank, seq limit $1 for update skip locked';
const FREE_BUT =
  `select ${COLUMNS} from job_queue where concurrency >= 9007199254740991 and job_key <> all($2) ` +
  'order by rank, seq limit $1 for update skip locked';

function* freeCandidates(limit: number, paused: readonly string[]): Steps<readonly Candidate[]> {
  return paused.length === 0
    ? yield* rows<Candidate>(FREE, limit)
    : yield* rows<Candidate>(FREE_BUT, limit, paused);
}

const promotedMax = 500;

/** Entries whose time has come join those that are due, in the order of their times. */
function* promote(at: number): Steps<void> {
  const due = yield* rows<EntryRow>(
    `select ${ENTRY_COLUMNS} from job_later where not_before <= $1 ` +
      'order by not_before limit $2 for update skip locked',
    at,
    promotedMax,
  );
  if (due.length === 0) return;
  yield* rows(
    'delete from job_later where run_id = any($1)',
    due.map(({ run_id }) => run_id),
  );
  yield* many(
    READY,
    due.map((row) => [...valuesOf(row), rankOf(row)]),
  );
}

/** What jobs with a limit may still start, job by job; a job that is full costs one look. */
function* limitedCandidates(
  engine: Engine,
  limit: number,
  paused: readonly string[],
): Steps<readonly Candidate[]> {
  const names = yield* rows<{ job_key: string }>(
    'with recursive names (job_key) as (' +
      'select min(job_key) from job_queue where concurrency < 9007199254740991 union all ' +
      'select (select min(q.job_key) from job_queue q where q.concurrency < 9007199254740991 ' +
      'and q.job_key > names.job_key) from names where names.job_key is not null) ' +
      'select job_key from names where job_key is not null',
  );
  const candidates: Candidate[] = [];
  for (const { job_key } of names) {
    if (paused.includes(job_key)) continue;
    // Two that count at the same time would both find room for one more.
    if (yield* isHeld(engine, `job ${job_key}`)) candidates.push(...(yield* roomFor(job_key, limit)));
  }
  return candidates;
}

function* isHeld({ lockSql }: Engine, name: string): Steps<boolean> {
  if (lockSql === undefined) return true;
  return (yield* first<{ held: boolean }>(lockSql, name))?.held === true;
}

function* roomFor(jobKey: string, limit: number): Steps<readonly Candidate[]> {
  const [held] = yield* rows<{ n: number }>(
    'select count(*) as n from job_leases where job_key = $1 and concurrency < 9007199254740991',
    jobKey,
  );
  const waiting = yield* rows<Candidate>(
    `select ${COLUMNS} from job_queue where job_key = $1 and concurrency < 9007199254740991 ` +
      'order by rank, seq limit $2 for update skip locked',
    jobKey,
    limit,
  );
  const running = held?.n ?? 0;
  return waiting.filter(({ concurrency }, index) => running + index < concurrency);
}

function* lease(chosen: readonly Candidate[], { workerId, at, leaseMs }: Claim): Steps<readonly Claimed[]> {
  if (chosen.length === 0) return [];
  yield* rows(
    'delete from job_queue where seq = any($1)',
    chosen.map(({ seq }) => seq),
  );
  yield* many(
    LEASE,
    chosen.map((row) => {
      const values = valuesOf({ ...row, fence: row.fence + 1 });
      return [...values, row.seq, workerId, at + leaseMs, at];
    }),
  );
  return chosen.map((row) => ({
    entry: entryOf(row),
    fence: row.fence + 1,
    waitedMs: Math.max(0, at - row.not_before),
  }));
}
