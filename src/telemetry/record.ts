import { z } from 'zod';

/** The key people ask logs by. A closed list: a name never changes its meaning, and every one is written in one place. */
export const LOG_EVENTS = [
  'message.received',
  'message.duplicate',
  'message.ignored',
  'message.rejected',
  'message.failed',
  'auth.refused',
  'transition_rejected',
  'run.created',
  'run.approval_requested',
  'run.previewed',
  'run.reminded',
  'run.escalated',
  'run.vote_recorded',
  'run.approved',
  'run.approval_voided',
  'run.denied',
  'run.denial_explained',
  'run.expired',
  'run.resumed',
  'run.canceled',
  'run.recovered',
  'run.changed',
  'policy.never_used',
  'dispatch.enqueued',
  'execution.started',
  'execution.progressed',
  'execution.ended',
  'execution.timed_out',
  'execution.succeeded',
  'execution.failed',
  'execution.retry_scheduled',
  'execution.report_refused',
  'lease.lost',
  'lease.recovered',
  'leader.gained',
  'leader.lost',
  'schedule.fired',
  'schedule.skipped',
  'schedule.missed',
  'outbox.sent',
  'outbox.retry',
  'outbox.dead',
  'outbound.dev',
  'channel.recovered',
  'channel.degraded',
  'channel.standby',
  'channel.poll_failed',
  'breaker.turned',
  'advice.given',
  'advice.missed',
  'history.sealed',
  'history.broken',
  'config.reloaded',
  'config.rejected',
  'request.failed',
  'process.started',
  'process.stopped',
  'loop.faulted',
  'log.faulted',
] as const;

export type LogEvent = (typeof LOG_EVENTS)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of the log. Every field is always there, so that a line can be read without knowing its event. */
const fields = {
  level: z.enum(LOG_LEVELS),
  time: z.iso.datetime({ precision: 3 }),
  msg: z.string().min(1),
  service: z.literal('textops'),
  version: z.string(),
  component: z.string(),
  run_id: z.string().nullable(),
  job: z.string().nullable(),
  attempt: z.number().int().nullable(),
  actor: z.string().nullable(),
  worker_id: z.string().nullable(),
  channel: z.string().nullable(),
  outcome: z.string().nullable(),
  duration_ms: z.number().nonnegative().nullable(),
  err: z.strictObject({ type: z.string(), message: z.string(), code: z.string().optional() }).nullable(),
};

/** What we write. */
export const WrittenRecord = z.strictObject({ ...fields, event: z.enum(LOG_EVENTS) });

/** What we read back: another version may have known other events and fields. */
export const LogRecord = z.object({ ...fields, channel: fields.channel.optional(), event: z.string() });
export type LogRecord = z.infer<typeof LogRecord>;
