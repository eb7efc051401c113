import { isDeepStrictEqual } from 'node:util';
import type { FileScheduleChange, ICalendar } from '../../core/ports/schedules.ts';
import { firstOpen } from '../../core/schedules/first-of.ts';
import type { ScheduleSpec, Standing } from '../../core/schedules/schedule.ts';
import { fromJson, toJson } from '../codec.ts';
import { rows, type Steps } from '../steps.ts';
import { type ScheduleRow, schedules, settledAfter } from './schedule-rows.ts';
import { saveSchedule } from './schedule-save.ts';

type Calendar = Pick<ICalendar, 'upcoming'>;

export function* replaceFileSchedules(
  specs: readonly ScheduleSpec[],
  calendar: Calendar,
  at: number,
): Steps<readonly FileScheduleChange[]> {
  const stored = yield* schedules('order by s.key for update of s');
  const byKey = new Map(stored.map((schedule) => [schedule.spec.key, schedule]));
  const changes: FileScheduleChange[] = [];
  for (const spec of specs) {
    const change = yield* replaceOne(spec, byKey.get(spec.key), calendar, at);
    if (change !== undefined) changes.push({ key: spec.key, ...change });
  }
  const wanted = new Set(specs.map(({ key }) => key));
  for (const { spec, source, isRetired } of stored) {
    if (source !== 'file' || isRetired || wanted.has(spec.key)) continue;
    yield* rows(
      'update schedules set retired_at = $2, next_at = null, snoozed = null, waiting_for = null, version = version + 1 ' +
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
  old: ScheduleRow | undefined,
  calendar: Calendar,
  at: number,
): Steps<Omit<FileScheduleChange, 'key'> | undefined> {
  if (old === undefined) {
    yield* save(spec, yield* startingAt(spec, {}, calendar, at), 1);
    return { change: 'new' };
  }
  // A schedule of the chat that the file names too is the file's from now on.
  const isSame = old.source === 'file' && isDeepStrictEqual(old.spec, fromJson(toJson(spec)));
  if (isSame && !old.isRetired) return undefined;
  const goesOn = !old.isRetired && old.spec.cron === spec.cron && old.spec.timezone === spec.timezone;
  const standing = goesOn ? old.standing : yield* startingAt(spec, old.standing, calendar, at);
  yield* save(spec, standing, old.version + 1);
  if (old.isRetired) return { change: 'new' };
  const { spec: was, source } = old;
  return { change: 'changed', ...(source === 'file' ? {} : { took: { spec: was, source } }) };
}

/** What was settled once stays settled, even if the clock of this machine was put back since. */
function* startingAt(
  { key, cron, timezone }: ScheduleSpec,
  { paused }: Standing,
  calendar: Calendar,
  at: number,
): Steps<Standing> {
  if (paused !== undefined) return { paused };
  const settled = yield* settledAfter(key, at);
  const nextAt = firstOpen(calendar.upcoming({ cron, timezone }, at), settled);
  return nextAt === undefined ? {} : { nextAt };
}

const save = (spec: ScheduleSpec, standing: Standing, version: number): Steps<void> =>
  saveSchedule({ spec, source: 'file', standing, version });
