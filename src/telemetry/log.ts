import { pino } from 'pino';
import type { Observe } from '../core/ports/observe.ts';
import { currentScope } from '../loops/scope.ts';
import { type Described, describe } from './describe.ts';
import { errorWords } from './error.ts';
import { perTurn } from './per-turn.ts';
import { prettyLine } from './pretty.ts';
import type { LogLevel, LogRecord } from './record.ts';
import { type Redact, redactor } from './redact.ts';
import { isoClock, remembering } from './remembering.ts';
import { rotatingFile } from './rotating-file.ts';
import { spanIdOf, traceIdOf } from './trace/ids.ts';

export interface LogOptions {
  readonly level: LogLevel | 'silent';
  readonly format: 'pretty' | 'json';
  /** Values that must never be written, in whatever text they turn up. */
  readonly secrets: readonly string[];
  readonly version: string;
  /** Which process of an installation: `textops`, `worker`. */
  readonly component: string;
  /** The first record of the installation, from which traces are named; known once the store is open. */
  readonly installation?: () => string;
  /** Takes whole lines with their ends; left out, it is stderr, because stdout belongs to data. */
  readonly destination?: { write(line: string): unknown };
  /** Where the records are kept for `textops logs`, always as JSON; left out, nowhere. */
  readonly file?: string;
  /** A program that works writes the lines of one turn of its event loop together. */
  readonly writes?: 'at_once' | 'per_turn';
  readonly now?: () => number;
  /** Of the clock in the pretty format; left out, the machine's own. */
  readonly timezone?: string;
}

/**
 * Writes what happened: for people or machines that look on, and into a file for those who ask later. Never throws: whoever
 * tells has better things to do than to look after the log.
 */
export const logObservations = (options: LogOptions): Observe => {
  const redact = redactor(options.secrets);
  const traceOf = remembering((runId) => traceIdOf(options.installation?.() ?? '', runId));
  const name = remembering(redact);
  const say = (told: Described): void => log({ logger, redact, name, traceOf }, told);
  const logger = openLogger(options, (error) => {
    say({ level: 'warn', event: 'log.faulted', msg: 'the log file cannot be written', error });
  });
  return (observation) => {
    try {
      say(describe(observation));
    } catch (error) {
      faulted(say, error);
    }
  };
};

/** If not even that can be said, there is nobody to say it to. */
const faulted = (say: (told: Described) => void, error: unknown): void => {
  try {
    say({ level: 'error', event: 'log.faulted', msg: 'a line was lost', error });
  } catch {
    // The way out is closed.
  }
};

type Logger = ReturnType<typeof openLogger>;

const openLogger = (options: LogOptions, onFileFault: (error: unknown) => void) => {
  const { level, version, component } = options;
  const clock = isoClock(options.now ?? Date.now);
  return pino(
    {
      level,
      base: { service: 'textops', version, component },
      timestamp: () => `,"time":"${clock()}"`,
      // pino's own would read a plain object as an Error and rename its type.
      serializers: { err: (words: unknown) => words },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: writeLines(options, onFileFault) },
  );
};

const writeLines = (
  { format, destination = process.stderr, file, timezone, writes = 'at_once' }: LogOptions,
  onFileFault: (error: unknown) => void,
) => {
  const keep = file === undefined ? undefined : rotatingFile({ path: file, onFault: onFileFault });
  const pretty = (line: string): unknown =>
    destination.write(prettyLine(JSON.parse(line) as LogRecord, timezone));
  // Whoever reads along as a person is shown one line at a time.
  const show = (lines: string): void => {
    if (format === 'json') destination.write(lines);
    else for (const line of lines.trimEnd().split('\n')) pretty(line);
  };
  const write = (lines: string): void => {
    show(lines);
    keep?.(lines);
  };
  return writes === 'at_once' ? write : perTurn(write);
};

interface Writing {
  readonly logger: Logger;
  readonly redact: Redact;
  /** The same for what comes again and again. */
  readonly name: Redact;
  readonly traceOf: (runId: string) => string;
}

/**
 * Every string is cleaned here, before anything is written; only our own closed lists are taken as they are. What a line does
 * not say about its run and its actor is that of the work around it.
 */
const log = ({ logger, redact, name, traceOf }: Writing, told: Described): void => {
  // Most of what is told on a busy day is below the level.
  if (!logger.isLevelEnabled(told.level)) return;
  const clean = (text: string | undefined): string | null => (text === undefined ? null : name(text));
  const scope = currentScope();
  const runId = told.runId ?? scope?.runId;
  const traceId = runId === undefined ? undefined : traceOf(runId);
  const actor = told.actor ?? (told.workerId === undefined ? scope?.actor : `worker:${told.workerId}`);
  logger[told.level](
    {
      event: told.event,
      run_id: clean(runId),
      trace_id: traceId ?? null,
      span_id: traceId === undefined || told.span === undefined ? null : spanIdOf(traceId, ...told.span),
      job: clean(told.job),
      attempt: told.attempt ?? null,
      actor: clean(actor),
      worker_id: clean(told.workerId),
      channel: clean(told.channel),
      outcome: clean(told.outcome),
      duration_ms: told.durationMs ?? null,
      err: told.error === undefined ? null : errorWords(told.error, redact),
    },
    redact(told.msg),
  );
};
