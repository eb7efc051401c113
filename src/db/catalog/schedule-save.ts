import type { Schedule } from '../../core/schedules/schedule.ts';
import { toJson } from '../codec.ts';
import { rows, type Steps } from '../steps.ts';

/** Writes a whole schedule, in force from now on. */
export function* saveSchedule(schedule: Omit<Schedule, 'last'>): Steps<void> {
  const { spec, source, standing, version } = schedule;
  const { key, jobKey, cron, timezone, chat, params, decideByMs, overlap, escalate } = spec;
  const { nextAt, snoozed, waitingFor, paused } = standing;
  yield* rows(
    `insert into schedules (${COLUMNS.join(', ')}) values (${COLUMNS.map((_, at) => `$${at + 1}`).join(', ')}) ` +
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
    source,
    version,
    nextAt ?? null,
    snoozed ?? null,
    waitingFor ?? null,
    paused?.by ?? null,
    paused?.at ?? null,
  );
}

/** In the order of the values. */
const COLUMNS = [
  'key',
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
  'snoozed',
  'waiting_for',
  'paused_by',
  'paused_at',
] as const;

const REPLACE = `on conflict (key) do update set ${COLUMNS.slice(1)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}, retired_at = null`;
