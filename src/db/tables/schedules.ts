import { sql } from 'drizzle-orm';
import type { Kit } from '../pg/kit.ts';

/** The timetable: definitions with where they stand, and what became of every moment that came round. */
export const defineScheduleTables = (kit: Kit) => {
  const { table, str, int, instant, json, index, primaryKey } = kit;
  const schedules = table(
    'schedules',
    {
      key: str('key').primaryKey(),
      job_key: str('job_key').notNull(),
      cron: str('cron').notNull(),
      timezone: str('timezone').notNull(),
      /** The conversation that is asked. */
      chat: str('chat').notNull(),
      params: json('params').notNull(),
      /** Null: the job's own. */
      decide_by_ms: int('decide_by_ms'),
      /** skip, queue or allow. */
      overlap: str('overlap').notNull(),
      escalate: json('escalate'),
      /** file, chat or api. */
      source: str('source').notNull(),
      /** Grows with every change; whoever decided on an older one starts again. */
      version: int('version').notNull(),
      /** Null when none comes: retired, paused, or past the last one. */
      next_at: instant('next_at'),
      /** When the occurrence that is asked for at next_at was due, if somebody put it off. */
      snoozed: instant('snoozed'),
      /** An occurrence that waits until the run before it has ended. */
      waiting_for: instant('waiting_for'),
      paused_by: str('paused_by'),
      paused_at: instant('paused_at'),
      retired_at: instant('retired_at'),
    },
    (t) => [
      // All that a tick walks, however many schedules there are.
      index('schedules_due').on(t.next_at).where(sql`next_at is not null`),
      index('schedules_waiting').on(t.waiting_for).where(sql`waiting_for is not null`),
    ],
  );
  const scheduleOccurrences = table(
    'schedule_occurrences',
    {
      schedule_key: str('schedule_key').notNull(),
      due_at: instant('due_at').notNull(),
      /** asked, skipped or missed. */
      outcome: str('outcome').notNull(),
      at: instant('at').notNull(),
      /** The run that was asked for, or that was in the way. */
      run_id: str('run_id'),
      /** Missed: how many, those before this one included. */
      times: int('times'),
      /** Skipped: why. */
      because: str('because'),
    },
    (t) => [
      // The last line of defence: no occurrence has two outcomes, whatever a program may think.
      primaryKey({ columns: [t.schedule_key, t.due_at] }),
      index('schedule_occurrences_newest').on(t.schedule_key, t.at),
    ],
  );
  return { schedules, scheduleOccurrences };
};
