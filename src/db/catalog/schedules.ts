import type { IScheduleRepository, StoredSchedule } from '../../core/ports/schedules.ts';
import type { DueSchedule } from '../../core/schedules/turn.ts';
import type { Engine } from '../engine.ts';
import type { Steps } from '../steps.ts';
import { replaceFileSchedules } from './file-schedules.ts';
import { OPEN_RUN, occurrences, schedules, settledAfter } from './schedule-rows.ts';

export const schedulesOf = (engine: Engine): IScheduleRepository => ({
  list: (limit) => engine.read(() => schedules('where s.retired_at is null order by s.key limit $1', limit)),
  find: (key) => engine.read(() => find(key)),
  settledAfter: (key, at) => engine.read(() => settledAfter(key, at)),
  occurrences: (key, limit) => engine.read(() => occurrences(key, limit)),
  due: (at, limit) => engine.read(() => due(at, limit)),
  replaceFileSchedules: (specs, calendar, at) =>
    engine.write(() => replaceFileSchedules(specs, calendar, at)),
});

function* find(key: string): Steps<StoredSchedule | undefined> {
  return (yield* schedules('where s.key = $1', key))[0];
}

/** Two short lists by index: what is due, and what waited for a run that has ended. */
function* due(at: number, limit: number): Steps<readonly DueSchedule[]> {
  return yield* schedules(
    'where s.key in (' +
      'select key from (select key from schedules where next_at <= $1 order by next_at limit $2) as due ' +
      'union select key from (select s.key from schedules s where s.waiting_for is not null ' +
      `and not exists (select 1 ${OPEN_RUN}) limit $2) as waiting) ` +
      'order by coalesce(s.waiting_for, s.next_at), s.key limit $2',
    at,
    limit,
  );
}
