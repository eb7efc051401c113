import { isDeepStrictEqual } from 'node:util';
import type { ICalendar, IScheduleRepository } from '../core/ports/schedules.ts';
import { firstOf } from '../core/schedules/first-of.ts';
import type { ScheduleSpec, Standing } from '../core/schedules/schedule.ts';
import { fromJson, toJson } from './codec.ts';
import { type StoredSchedule, schedules } from './schedule-rows.ts';
import { first, rows, type Steps } from './steps.ts';

type Changes = Awaited<ReturnType<IScheduleRepository['replaceFileSchedules']>>;
type Calendar = Pick<ICalendar, 'upcoming'>;

export function* replaceFileSchedules(
  specs: readonly ScheduleSpec[],
  calendar: Calendar,
  at: number,
): Steps<Changes> {
  const stored = yield* schedules('order by s.key for update of s');
  const byKey = new Map(stored.map((schedule) => [schedule.spec.key, schedule]));
  const changes: Changes[number][] = [];
  for (const spec of specs) {
    const change = yield* replaceOne(spec, byKey.get(spec.key), calendar, at);
    if (change !== undefined) changes.push({ key: spec.key, change });
  }
  const wanted = new Set(specs.map(({ key }) => key));
  for (const { spec, source, isRetired } of stored) {
    if (source !== 'file' || isRetired || wanted.has(spec.key)) continue;
    yield* rows(
      'update schedules set retired_at = $2, next_at = null, waiting_for = null, version = version + 1 ' +
        'where key = $1',
      spec.key,
      at,
    );
    changes.push({ key: spec.key, change: 'retired' });
  }
  return changes;
}

function* replaceOne(
  spec: ScheduleSpec,
  old: StoredSchedule | undefined,
  calendar: Calendar,
  at: number,
): Steps<'new' | 'changed' | undefined> {
  if (old === undefined) {
    yield* save(spec, yield* startingAt(spec, {}, calendar, at), 1);
    return 'new';
  }
  // A schedule of the chat that the file names too is the file's from now on.
  const isSame = old.source === 'file' && isDeepStrictEqual(old.spec, fromJson(toJson(spec)));
  if (isSame && !old.isRetired) return undefined;
  const goesOn = !old.isRetired && old.spec.cron === spec.cron && old.spec.timezone === spec.timezone;
  const standing = goesOn ? old.standing : yield* startingAt(spec, old.standing, calendar, at);
  yield* save(spec, standing, old.version + 1);
  return old.isRetired ? 'new' : 'changed';
}

/** What was settled once stays settled, even if the clock of this machine was put back since. */
function* startingAt(
  { key, cron, timezone }: ScheduleSpec,
  { paused }: Standing,
  calendar: Calendar,
  at: number,
): Steps<Standing> {
  if (paused !== undefined) return { paused };
  const settled = yield* first<{ newest: number | null }>(
    'select max(due_at) as newest from schedule_occurrences where schedule_key = $1',
    key,
  );
  const after = Math.max(at, settled?.newest ?? at);
  const [nextAt] = firstOf(calendar.upcoming({ cron, timezone }, after), 1);
  return nextAt === undefined ? {} : { nextAt };
}

function* save(spec: ScheduleSpec, standing: Standing, version: number): Steps<void> {
  const { key, jobKey, cron, timezone, chat, params, decideByMs, overlap, escalate } = spec;
  const { nextAt, waitingFor, paused } = standing;
  yield* rows(
    'insert into schedules (key, job_key, cron, timezone, chat, params, decide_by_ms, overlap, escalate, ' +
      'source, version, next_at, waiting_for, paused_by, paused_at) ' +
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'file', $10, $11, $12, $13, $14) " +
      // A new one that another process has just made collides, and is looked at again as an old one.
      (version === 1 ? '' : REPLACE),
    key,
    jobKey,
    cron,
    timezone,
    chat,
    toJson(params),
    decideByMs ?? null,
    overlap,
    escalate === undefined ? null : toJson(escalate),
    version,
    nextAt ?? null,
    waitingFor ?? null,
    paused?.by ?? null,
    paused?.at ?? null,
  );
}

const REPLACE =
  'on conflict (key) do update set ' +
  [
    'job_key',
    'cron',
    'timezone',
    'chat',
    'params',
    'decide_by_ms',
    'overlap',
    'escalate',
    'source',
    'version',
    'next_at',
    'waiting_for',
    'paused_by',
    'paused_at',
  ]
    .map((column) => `${column} = excluded.${column}`)
    .join(', ') +
  ', retired_at = null';
