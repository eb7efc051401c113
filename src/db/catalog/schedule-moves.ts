import type { Commit } from '../../core/ports/commit.ts';
import type { ScheduleChange } from '../../core/ports/schedules.ts';
import { insertMany, many, rows, type Steps, updateMany } from '../steps.ts';
import { saveSchedule } from './schedule-save.ts';

/** The versions of the schedules that a batch moves, held until the end of the transaction. */
export function* scheduleVersions(commits: readonly Commit[]): Steps<ReadonlyMap<string, number>> {
  const keys = commits.flatMap(({ schedules = [] }) => schedules.map(({ key }) => key));
  if (keys.length === 0) return new Map();
  const found = yield* rows<{ key: string; version: number }>(
    'select key, version from schedules where key = any($1) order by key for update',
    keys,
  );
  return new Map(found.map(({ key, version }) => [key, version]));
}

/** Writes where schedules stand after the accepted commits, and what became of their occurrences. */
export function* moveSchedules(commits: readonly Commit[]): Steps<void> {
  const changes = commits.flatMap(({ schedules = [], at }) => schedules.map((change) => ({ ...change, at })));
  for (const { defines, standing, expectedVersion } of changes) {
    if (defines !== undefined) yield* saveSchedule({ ...defines, standing, version: expectedVersion + 1 });
  }
  // When several commits of a batch followed one another on the same schedule, its row shows the last.
  const newest = new Map(changes.map((change) => [change.key, change]));
  yield* many(MOVE, [...newest.values()].flatMap(moveRow));
  yield* many(SETTLE, changes.flatMap(settledRow));
}

const MOVE = updateMany(
  'schedules',
  {
    version: 'bigint',
    next_at: 'bigint',
    snoozed: 'bigint',
    waiting_for: 'bigint',
    paused_by: 'text',
    paused_at: 'bigint',
    retired_at: 'bigint',
  },
  ['key', 'text'],
);

type Change = ScheduleChange & { readonly at: number };

const moveRow = ({ key, expectedVersion, standing, defines, retires, at }: Change) =>
  defines === undefined
    ? [
        [
          expectedVersion + 1,
          standing.nextAt ?? null,
          standing.snoozed ?? null,
          standing.waitingFor ?? null,
          standing.paused?.by ?? null,
          standing.paused?.at ?? null,
          retires === true ? at : null,
          key,
        ],
      ]
    : [];

// No `on conflict`: a second outcome of one occurrence is the fault that this table is there for.
const SETTLE = insertMany('schedule_occurrences', {
  schedule_key: 'text',
  due_at: 'bigint',
  outcome: 'text',
  at: 'bigint',
  run_id: 'text',
  times: 'bigint',
  because: 'text',
});

const settledRow = ({ key, settles, at }: Change) =>
  settles === undefined
    ? []
    : [
        [
          key,
          settles.dueAt,
          settles.outcome,
          at,
          settles.runId ?? null,
          settles.times ?? null,
          settles.because ?? null,
        ],
      ];
