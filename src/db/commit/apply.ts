import type { Commit } from '../../core/ports/commit.ts';
import { moveSchedules } from '../catalog/schedule-moves.ts';
import { insertEvents } from '../history/events.ts';
import { insertDrafts, type Routes, routed, routesOf } from '../messages/drafts.ts';
import { LATER, READY, rankOf, rowOf, valuesOf } from '../queue/rows.ts';
import { runColumns } from '../runs/run-columns.ts';
import { stateJson, termsJson } from '../runs/run-json.ts';
import { insertMany, many, rows, type Steps, updateMany, type Value } from '../steps.ts';
import type { Verdict } from './judge.ts';
import { keepUp } from './upkeep.ts';

/** Writes everything that was accepted, one statement per table. */
export function* apply(verdict: Verdict): Steps<void> {
  const { accepted } = verdict;
  if (accepted.length === 0) return;
  const routes = yield* routesOf([
    ...verdict.drafts.map(({ draft }) => draft.address),
    ...accepted.flatMap(({ run }) => (run?.expectedVersion === 0 ? [run.state.origin.address] : [])),
  ]);
  yield* many(CLOSE_MARK, accepted.flatMap(markRow));
  yield* many(FIRST, accepted.flatMap(firstRow));
  yield* writeRuns(newest(accepted), routes);
  yield* insertEvents(
    accepted.flatMap(({ run, records }) => [...(run?.events ?? []), ...(records?.events ?? [])]),
  );
  yield* many(OUTPUT, outputRows(accepted));
  yield* leaveQueue(verdict);
  yield* enterQueue(verdict);
  yield* insertDrafts(verdict.drafts, routes);
  yield* moveSchedules(accepted);
  yield* keepUp(accepted);
}

const CLOSE_MARK = updateMany('inbox', { state: 'text', closed_at: 'bigint', run_id: 'text' }, [
  'id',
  'bigint',
]);

const markRow = ({ once, run, at }: Commit): (readonly Value[])[] =>
  once?.kind === 'mark' ? [['done', at, run?.state.runId ?? null, once.inboxId]] : [];

const FIRST = insertMany('inbox', {
  channel: 'text',
  account: 'text',
  event_key: 'text',
  lane: 'text',
  state: 'text',
  attempts: 'bigint',
  next_at: 'bigint',
  received_at: 'bigint',
  closed_at: 'bigint',
  run_id: 'text',
});

const firstRow = ({ once, run, at }: Commit): (readonly Value[])[] =>
  once?.kind === 'first'
    ? [
        [
          once.channel,
          once.account,
          once.eventKey,
          once.lane,
          'done',
          0,
          at,
          at,
          at,
          run?.state.runId ?? null,
        ],
      ]
    : [];

type RunCommit = Commit & {
  readonly run: NonNullable<Commit['run']>;
  /** The run begins in this batch, with this commit or with one before it. */
  readonly isNew: boolean;
};

/** When several commits of a batch followed one another on the same run, its row shows the last. */
const newest = (accepted: readonly Commit[]): readonly RunCommit[] => {
  const latest = new Map<string, RunCommit>();
  for (const commit of accepted) {
    const { run } = commit;
    if (run === undefined || run.events.length === 0) continue;
    const { runId } = run.state;
    const isNew = run.expectedVersion === 0 || latest.get(runId)?.isNew === true;
    latest.set(runId, { ...commit, run, isNew });
  }
  return [...latest.values()];
};

/** What every change of a run writes. */
const CHANGING = {
  status: 'text',
  version: 'bigint',
  head_hash: 'text',
  state: 'json',
  updated_at: 'bigint',
  due_at: 'bigint',
  notice_at: 'bigint',
  ended_at: 'bigint',
  failure: 'text',
} as const;

// The address is left as it is: a conversation that moved takes its runs along.
const CHANGED = updateMany('runs', CHANGING, ['id', 'text']);

// No `on conflict`: the same id twice is the fault that makes a lost race start again.
const NEW = insertMany('runs', {
  ...CHANGING,
  id: 'text',
  job_key: 'text',
  job_version: 'bigint',
  requester_id: 'text',
  address: 'text',
  created_at: 'bigint',
});

const TERMS = insertMany('run_terms', { run_id: 'text', terms: 'json' });

function* writeRuns(commits: readonly RunCommit[], routes: Routes): Steps<void> {
  const begun = commits.filter(({ isNew }) => isNew);
  yield* many(
    NEW,
    begun.map((commit) => [...changingValues(commit), ...frozenValues(commit, routes)]),
  );
  yield* many(
    TERMS,
    begun.map(({ run: { state } }) => [state.runId, termsJson(state)]),
  );
  yield* many(
    CHANGED,
    commits
      .filter(({ isNew }) => !isNew)
      .map((commit) => [...changingValues(commit), commit.run.state.runId]),
  );
}

const changingValues = ({ run, at }: RunCommit): readonly Value[] => {
  const { state, events, expectedVersion } = run;
  const { status, due_at, notice_at, ended_at, failure } = runColumns(state);
  const head = events.at(-1)?.hash ?? '';
  const version = expectedVersion + events.length;
  return [status, version, head, stateJson(state), at, due_at, notice_at, ended_at, failure];
};

const frozenValues = ({ run: { state } }: RunCommit, routes: Routes): readonly Value[] => {
  const { job_key, job_version, requester_id, created_at } = runColumns(state);
  const address = routed(state.origin.address, routes);
  return [state.runId, job_key, job_version, requester_id, address, created_at];
};

const OUTPUT = insertMany(
  'outputs',
  {
    run_id: 'text',
    epoch: 'bigint',
    attempt: 'bigint',
    head: 'text',
    tail: 'text',
    bytes: 'bigint',
    at: 'bigint',
  },
  // While an attempt runs it is written again and again; the end has the last word.
  'on conflict (run_id, epoch, attempt) do update set head = excluded.head, tail = excluded.tail, ' +
    'bytes = excluded.bytes, at = excluded.at',
);

/** The newest of each attempt: one statement may not write a row twice. */
const outputRows = (accepted: readonly Commit[]): readonly (readonly Value[])[] => {
  const latest = new Map<string, readonly Value[]>();
  for (const { output, at } of accepted) {
    if (output === undefined) continue;
    const { runId, epoch, attempt, head, tail, bytes } = output;
    latest.set(`${runId} ${epoch} ${attempt}`, [runId, epoch, attempt, head, tail, bytes, at]);
  }
  return [...latest.values()];
};

function* leaveQueue({ removed, released }: Verdict): Steps<void> {
  if (released.length > 0) yield* rows('delete from job_leases where run_id = any($1)', released);
  if (removed.length === 0) return;
  // In the direction in which entries move, and once more for one that a worker gives back meanwhile.
  for (const table of ['job_later', 'job_queue', 'job_leases', 'job_queue']) {
    yield* rows(`delete from ${table} where run_id = any($1)`, removed);
  }
}

function* enterQueue({ added }: Verdict): Steps<void> {
  const due = added.filter((one) => one.due).map(({ entry }) => rowOf(entry));
  const later = added.filter((one) => !one.due).map(({ entry }) => rowOf(entry));
  yield* many(
    READY,
    due.map((row) => [...valuesOf(row), rankOf(row)]),
  );
  yield* many(LATER, later.map(valuesOf));
}
