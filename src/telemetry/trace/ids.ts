import { hash } from 'node:crypto';

/**
 * The trace of a run: always the same, in every process and after every restart, and stored nowhere. The installation is the
 * hash of its first record, so that runs of two installations never share one.
 */
export const traceIdOf = (installation: string, runId: string): string =>
  hash('sha256', `trace ${installation} ${runId}`).slice(0, TRACE_ID_CHARS);

/** The trace of one phase of a run, for whoever wants many short ones, by the span that the phase is named by. */
export const phaseTraceOf = (traceId: string, head: string): string =>
  hash('sha256', `phase ${traceId} ${head}`).slice(0, TRACE_ID_CHARS);

/**
 * A span by what it stands for, so that whoever comes later, in another process, knows its parent and what it links to.
 */
export const spanIdOf = (traceId: string, ...what: SpanKey): string =>
  hash('sha256', [traceId, ...what].join(' ')).slice(0, SPAN_ID_CHARS);

/** What a span stands for. */
export type SpanKey =
  | readonly ['root']
  /** By the number of its first event. */
  | readonly ['commit', number]
  /** By epoch and number. */
  | readonly ['dispatch' | 'attempt' | 'exec', number, number]
  /** By key, address and try. */
  | readonly ['send', string, string, number];

const TRACE_ID_CHARS = 32;
const SPAN_ID_CHARS = 16;
