import type { StoredSchedule } from '../../core/ports/schedules.ts';
import type { Schedule, ScheduleSpec, Settled, Standing } from '../../core/schedules/schedule.ts';
import type { DueSchedule } from '../../core/schedules/turn.ts';
import { fromJson, given } from '../codec.ts';
import { type Param, rows, type Steps } from '../steps.ts';

/** A row as it is, in force or not. */
export type ScheduleRow = StoredSchedule & DueSchedule;

/** Runs of a schedule that have not ended, by an index that holds nothing else. */
export const OPEN_RUN =
  "from runs r where r.requester_id = 'schedule:' || s.key and r.ended_at is null " +
  "and substr(r.requester_id, 1, 9) = 'schedule:'";

const SELECT =
  'select s.key, s.job_key, s.cron, s.timezone, s.chat, s.params, s.decide_by_ms, s.overlap, s.escalate, ' +
  's.source, s.version, s.next_at, s.snoozed, s.waiting_for, s.paused_by, s.paused_at, s.retired_at, ' +
  'o.due_at, o.outcome, o.at, o.run_id, o.times, o.because, ' +
  `(select min(r.id) ${OPEN_RUN}) as open_run ` +
  'from schedules s left join schedule_occurrences o on o.schedule_key = s.key and o.due_at = ' +
  '(select n.due_at from schedule_occurrences n where n.schedule_key = s.key ' +
  'order by n.at desc, n.due_at desc limit 1)';

export function* schedules(tail: string, ...params: readonly Param[]): Steps<readonly ScheduleRow[]> {
  const found = yield* rows<Row>(`${SELECT} ${tail}`, ...params);
  return found.map(scheduleOf);
}

/** By the primary key; hardly ever any. */
export function* settledAfter(key: string, at: number): Steps<readonly number[]> {
  const found = yield* rows<{ due_at: number }>(
    'select due_at from schedule_occurrences where schedule_key = $1 and due_at > $2 order by due_at',
    key,
    at,
  );
  return found.map(({ due_at }) => due_at);
}

/** In the order of the index that finds the last one. */
export function* occurrences(key: string, limit: number): Steps<readonly Settled[]> {
  const found = yield* rows<SettledRow>(
    'select due_at, outcome, at, run_id, times, because from schedule_occurrences where schedule_key = $1 ' +
      'order by at desc, due_at desc limit $2',
    key,
    limit,
  );
  return found.flatMap((row) => lastOf(row) ?? []);
}

type SettledRow = Pick<Row, 'due_at' | 'outcome' | 'at' | 'run_id' | 'times' | 'because'>;

interface Row {
  readonly key: string;
  readonly job_key: string;
  readonly cron: string;
  readonly timezone: string;
  readonly chat: string;
  readonly params: string;
  readonly decide_by_ms: number | null;
  readonly overlap: ScheduleSpec['overlap'];
  readonly escalate: string | null;
  readonly source: Schedule['source'];
  readonly version: number;
  readonly next_at: number | null;
  readonly snoozed: number | null;
  readonly waiting_for: number | null;
  readonly paused_by: string | null;
  readonly paused_at: number | null;
  readonly retired_at: number | null;
  readonly due_at: number | null;
  readonly outcome: Settled['outcome'] | null;
  readonly at: number | null;
  readonly run_id: string | null;
  readonly times: number | null;
  readonly because: string | null;
  readonly open_run: string | null;
}

const scheduleOf = (row: Row): ScheduleRow => ({
  spec: specOf(row),
  source: row.source,
  standing: standingOf(row),
  version: row.version,
  ...given('last', lastOf(row)),
  ...given('openRun', row.open_run),
  isRetired: row.retired_at !== null,
});

const specOf = (row: Row): ScheduleSpec => ({
  key: row.key,
  jobKey: row.job_key,
  cron: row.cron,
  timezone: row.timezone,
  chat: row.chat,
  params: fromJson(row.params) as ScheduleSpec['params'],
  ...given('decideByMs', row.decide_by_ms),
  overlap: row.overlap,
  ...given(
    'escalate',
    row.escalate === null ? null : (fromJson(row.escalate) as NonNullable<ScheduleSpec['escalate']>),
  ),
});

const standingOf = ({ next_at, snoozed, waiting_for, paused_by, paused_at }: Row): Standing => ({
  ...given('nextAt', next_at),
  ...given('snoozed', snoozed),
  ...given('waitingFor', waiting_for),
  ...(paused_by === null || paused_at === null ? {} : { paused: { by: paused_by, at: paused_at } }),
});

const lastOf = ({ due_at, outcome, at, run_id, times, because }: SettledRow): Settled | undefined =>
  due_at === null || outcome === null || at === null
    ? undefined
    : {
        dueAt: due_at,
        outcome,
        at,
        ...given('runId', run_id),
        ...given('times', times),
        ...given('because', because),
      };
