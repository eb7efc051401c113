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
  'execution.faulted',
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
  'release.started',
  'release.healthy',
  'release.rolled_back',
  'release.failed',
  'config.reloaded',
  'config.rejected',
  'request.failed',
  'process.started',
  'process.stopped',
  'loop.faulted',
  'trace.faulted',
  'log.faulted',
] as const;

export type LogEvent = (typeof LOG_EVENTS)[number];

/** What can only happen to a run: such a line without its run is a fault of ours. */
const isOfRun = (event: string): boolean =>
  /^(?:run|dispatch|execution|lease)\./.test(event) ||
  event === 'transition_rejected' ||
  event === 'policy.never_used';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));

/** One line of the log. Every field is always there, so that a line can be read without knowing its event. */
const fields = {
  level: z.enum(LOG_LEVELS),
  time: z.iso.datetime({ precision: 3 }),
  msg: z.string().min(1),
  service: z.literal('textops'),
  version: z.string(),
  component: z.string(),
  run_id: z.string().nullable(),
  trace_id: hex(32).nullable(),
  span_id: hex(16).nullable(),
  job: z.string().nullable(),
  attempt: z.number().int().nullable(),
  actor: z.string().nullable(),
  worker_id: z.string().nullable(),
  channel: z.string().nullable(),
  outcome: z.string().nullable(),
  duration_ms: z.number().nonnegative().nullable(),
  err: z.strictObject({ type: z.string(), message: z.string(), code: z.string().optional() }).nullable(),
};

/** What we write. A line about a run says which one, in which trace, and who acts; a span is one of a trace. */
export const WrittenRecord = z
  .strictObject({ ...fields, event: z.enum(LOG_EVENTS) })
  .refine(({ event, run_id }) => run_id !== null || !isOfRun(event), 'a line about a run names it')
  .refine(
    ({ run_id, trace_id, actor }) => run_id === null || (trace_id !== null && actor !== null),
    'a line about a run has a trace and an actor',
  )
  .refine(({ trace_id, span_id }) => span_id === null || trace_id !== null, 'a span is one of a trace');

/** What we read back: another version may have known other events and fields. */
export const LogRecord = z.object({
  ...fields,
  trace_id: z.string().nullish(),
  span_id: z.string().nullish(),
  channel: fields.channel.optional(),
  event: z.string(),
});
export type LogRecord = z.infer<typeof LogRecord>;
