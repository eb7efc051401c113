import type { LogRecord } from '../../src/telemetry/record.ts';

/** A record about nothing in particular but for the fields that are given. */
export const logRecord = (fields: Partial<LogRecord>): LogRecord => ({
  level: 'info',
  time: '2026-11-20T12:00:00.000Z',
  event: 'message.received',
  msg: 'something',
  service: 'textops',
  version: '1.2.0',
  component: 'textops',
  run_id: null,
  trace_id: null,
  span_id: null,
  job: null,
  attempt: null,
  actor: null,
  worker_id: null,
  channel: null,
  outcome: null,
  duration_ms: null,
  err: null,
  ...fields,
});
