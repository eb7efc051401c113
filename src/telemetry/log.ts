import { pino } from 'pino';
import type { Observe } from '../core/ports/observe.ts';
import { type Described, describe } from './describe.ts';
import { errorWords } from './error.ts';
import { prettyLine } from './pretty.ts';
import { type LogLevel, WrittenRecord } from './record.ts';
import { type Redact, redactor } from './redact.ts';
import { rotatingFile } from './rotating-file.ts';

export interface LogOptions {
  readonly level: LogLevel | 'silent';
  readonly format: 'pretty' | 'json';
  /** Values that must never be written, in whatever text they turn up. */
  readonly secrets: readonly string[];
  readonly version: string;
  /** Which process of an installation: `textops`, `worker`. */
  readonly component: string;
  /** Takes whole lines with their end; left out, it is stderr, because stdout belongs to data. */
  readonly destination?: { write(line: string): unknown };
  /** Where the records are kept for `textops logs`, always as JSON; left out, nowhere. */
  readonly file?: string;
  readonly now?: () => number;
  /** Of the clock in the pretty format; left out, the machine's own. */
  readonly timezone?: string;
}

/** Writes what happened: for people or machines that look on, and into a file for those who ask later. */
export const logObservations = (options: LogOptions): Observe => {
  const redact = redactor(options.secrets);
  const logger = openLogger(options, (error) => {
    log(logger, redact, {
      level: 'warn',
      event: 'log.faulted',
      msg: 'the log file cannot be written',
      error,
    });
  });
  return (observation) => log(logger, redact, describe(observation));
};

type Logger = ReturnType<typeof openLogger>;

const openLogger = (options: LogOptions, onFileFault: (error: unknown) => void) => {
  const { level, version, component, now = Date.now } = options;
  return pino(
    {
      level,
      base: { service: 'textops', version, component },
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      // pino's own would read a plain object as an Error and rename its type.
      serializers: { err: (words: unknown) => words },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: writeLines(options, onFileFault) },
  );
};

const writeLines = (
  { format, destination = process.stderr, file, timezone }: LogOptions,
  onFileFault: (error: unknown) => void,
) => {
  const keep = file === undefined ? undefined : rotatingFile({ path: file, onFault: onFileFault });
  return (line: string): void => {
    destination.write(format === 'json' ? line : prettyLine(WrittenRecord.parse(JSON.parse(line)), timezone));
    keep?.(line);
  };
};

/** Every string is cleaned here, before anything is written; only our own closed lists are taken as they are. */
const log = (logger: Logger, redact: Redact, told: Described): void => {
  const clean = (text: string | undefined): string | null => (text === undefined ? null : redact(text));
  const err = told.error === undefined ? null : errorWords(told.error, redact);
  const record = {
    event: told.event,
    run_id: clean(told.runId),
    job: clean(told.job),
    attempt: told.attempt ?? null,
    actor: clean(told.actor),
    worker_id: clean(told.workerId),
    channel: clean(told.channel),
    outcome: clean(told.outcome),
    duration_ms: told.durationMs ?? null,
    err,
  };
  logger[told.level](record, redact(told.msg));
};
