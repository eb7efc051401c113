import { readRunId } from '../../core/runs/run-id.ts';
import { type LogFilter, readLastRecords } from '../../telemetry/read-log.ts';
import type { LogLevel, LogRecord } from '../../telemetry/record.ts';
import type { CliContext } from '../context.ts';
import { followLog } from '../follow-log.ts';
import { logFile } from '../log-file.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { harmlessJson, oneLine } from '../voice/plain-text.ts';

export interface LogsOptions {
  readonly limit: number;
  readonly run?: string;
  readonly event?: string;
  readonly level?: LogLevel;
  /** Milliseconds back from now. */
  readonly since?: number;
  readonly follow: boolean;
}

/** `textops logs [ID]`: the newest records, oldest of them first. */
export const logs = async ({ io, voice }: CliContext, options: LogsOptions): Promise<ExitCode> => {
  const path = logFile(io.cwd);
  const filter = filterOf(options, io.now());
  const records = await readLastRecords(path, options.limit, filter);
  if (options.follow) {
    // What never ends cannot be one document: with --json there is one record per line.
    const print = (record: LogRecord): void => voice.data(voice.json ? harmlessJson(record) : lineOf(record));
    records.forEach(print);
    await followLog(path, filter, print, io.signal);
  } else if (voice.json) voice.document('log', records);
  else {
    records.forEach((record) => voice.data(lineOf(record)));
    if (records.length === 0) voice.talk(`No such records in ${path}.`);
  }
  return EXIT.done;
};

const filterOf = ({ run, event, level, since }: LogsOptions, now: number): LogFilter => ({
  ...(run !== undefined && { runId: readRunId(run) ?? run }),
  ...(event !== undefined && { event }),
  ...(level !== undefined && { level }),
  ...(since !== undefined && { since: now - since }),
});

const lineOf = ({ time, level, event, msg, err }: LogRecord): string =>
  oneLine(
    `${time} ${level.padEnd(5)} ${event} ${msg}${err === null ? '' : ` (${err.type}: ${err.message})`}`,
  );
