import type { JobSpec } from '../../core/jobs/job.ts';
import type { IScoreReader } from '../../core/ports/scores.ts';
import type { SealHead } from '../../core/runs/seal.ts';
import type { MessageFigures, ScoreWindow, UpFigures } from '../../core/scorecard/readings.ts';
import type { TracedEvent, TracedRow } from '../../core/scorecard/trace.ts';
import { fromJson, given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { first, type Param, rows, type Steps } from '../steps.ts';
import { incidentRows } from './incidents.ts';

/** Every statement has a limit or an index that holds only what it counts. */
export const scoresOf = (engine: Engine): IScoreReader => ({
  messages: (window, limit) => engine.read(() => messages(window, limit)),
  ended: (window, limit) =>
    engine.read(() =>
      runRows('ended_at >= $1 and ended_at < $2 order by ended_at desc limit $3', ...at(window), limit),
    ),
  living: (limit) =>
    engine.read(() =>
      runRows('ended_at is null and status = any($1) order by created_at desc limit $2', LIVE, limit),
    ),
  ofHeavyJobs: (window, limit) => engine.read(() => ofHeavyJobs(window, limit)),
  eventsOf: (runIds) => engine.read(() => eventsOf(runIds)),
  headsOf: (runIds) =>
    engine.read(function* () {
      return yield* rows<SealHead>('select chain, seq, hash from seal_heads where chain = any($1)', runIds);
    }),
  records: (since, limit) =>
    engine.read(function* () {
      const newest = yield* rows<TracedEvent>(
        'select chain, seq, type, at, actor, payload, hash from events ' +
          "where chain = 'system' order by seq desc limit $1",
        limit,
      );
      return newest.filter((record) => record.at >= since);
    }),
  incidents: (window, limit) =>
    engine.read(() =>
      incidentRows(
        'raised_at >= $1 and raised_at < $2 order by raised_at desc limit $3',
        ...at(window),
        limit,
      ),
    ),
  up: (window) => engine.read(() => up(window)),
  refusals: (window) => engine.read(() => refusals(window)),
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Answered later is not answered. */
const ANSWER_MS = 60_000;
const LIVE = ['Created', 'AwaitingApproval', 'Approved', 'Dispatching', 'Running'];
/** More jobs, and more versions of them, than anybody has. */
const VERSIONS_MAX = 10_000;

const at = ({ since, until }: ScoreWindow): [number, number] => [since, until];

/** Their numbers grow with time, so the newest ones are found without an index of their own. */
function* messages(window: ScoreWindow, limit: number): Steps<MessageFigures> {
  const found = yield* first<{ n: number; accepted: number; answered: number }>(
    'select count(*) as n, ' +
      "cast(coalesce(sum(case when state = 'open' and received_at > $4 then 0 else 1 end), 0) as bigint) as accepted, " +
      "cast(coalesce(sum(case when state = 'done' and attempts = 0 and closed_at - received_at <= $5 then 1 else 0 end), 0) " +
      'as bigint) as answered from ' +
      '(select state, received_at, closed_at, attempts from inbox order by id desc limit $3) as newest ' +
      'where received_at >= $1 and received_at < $2',
    ...at(window),
    limit,
    window.until - ANSWER_MS,
    ANSWER_MS,
  );
  const dead = yield* first<{ n: number }>(
    "select count(*) as n from outbox where state = 'dead' and created_at >= $1 and created_at < $2",
    ...at(window),
  );
  const { n, accepted, answered } = found ?? { n: 0, accepted: 0, answered: 0 };
  return { accepted, answered, undelivered: dead?.n ?? 0, cut: n >= limit };
}

interface RunRow {
  readonly id: string;
  readonly version: number;
  readonly head_hash: string;
  readonly ended_at: number | null;
}

function* runRows(rest: string, ...params: readonly Param[]): Steps<readonly TracedRow[]> {
  const found = yield* rows<RunRow>(
    `select id, version, head_hash, ended_at from runs where ${rest}`,
    ...params,
  );
  return found.map(({ id, version, head_hash, ended_at }) => ({
    runId: id,
    seq: version,
    hash: head_hash,
    ended: ended_at !== null,
  }));
}

/** Whether a run is heavy, its history says; which jobs may have such runs, their versions. */
function* ofHeavyJobs(window: ScoreWindow, limit: number): Steps<readonly TracedRow[]> {
  const versions = yield* rows<{ key: string; spec: string }>(
    'select key, spec from job_versions order by created_at desc limit $1',
    VERSIONS_MAX,
  );
  const heavy = versions.filter(({ spec }) => (fromJson(spec) as JobSpec).heavy);
  const found: TracedRow[] = [];
  for (const key of new Set(heavy.map((version) => version.key))) {
    if (found.length >= limit) break;
    const own = yield* runRows(
      'job_key = $1 and created_at >= $2 and created_at < $3 order by created_at desc limit $4',
      key,
      ...at(window),
      limit - found.length,
    );
    found.push(...own);
  }
  return found;
}

function* eventsOf(runIds: readonly string[]): Steps<readonly TracedEvent[]> {
  return yield* rows<TracedEvent>(
    'select chain, seq, type, at, actor, payload, hash from events where chain = any($1) order by chain, seq',
    runIds,
  );
}

function* up({ since, until }: ScoreWindow): Steps<UpFigures> {
  const counted = yield* first<{ n: number }>(
    'select count(*) as n from up_minutes where minute_at >= $1 and minute_at < $2',
    since,
    until - (until % MINUTE_MS),
  );
  const oldest = yield* first<{ at: number | null }>('select min(minute_at) as at from up_minutes');
  return { minutes: counted?.n ?? 0, ...given('first', oldest?.at) };
}

function* refusals({ since, until }: ScoreWindow): Steps<Readonly<Record<string, number>>> {
  const found = yield* rows<{ kind: string; times: number }>(
    'select kind, cast(sum(times) as bigint) as times from refusals where hour_at >= $1 and hour_at < $2 group by kind',
    since - (since % HOUR_MS),
    until,
  );
  return Object.fromEntries(found.map(({ kind, times }) => [kind, times]));
}
