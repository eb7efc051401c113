import { open, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogFilter } from '../telemetry/read-log.ts';
import { LOG_LEVELS, LogRecord } from '../telemetry/record.ts';

/** Tells about every record that is written from now on, until the signal. Notices when the file was put aside. */
export const followLog = async (
  path: string,
  filter: LogFilter,
  onRecord: (record: LogRecord) => void,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const going = signal ?? new AbortController().signal;
  let known = await placeOf(path);
  while (!going.aborted) {
    await rested(going);
    const now = await placeOf(path);
    const from = now.file === known.file && now.size >= known.size ? known.size : 0;
    const { text, bytes } = await wholeLines(path, from, now.size);
    for (const line of text.split('\n')) {
      const record = recordOf(line);
      if (record !== undefined && fits(record, filter)) onRecord(record);
    }
    known = { file: now.file, size: from + bytes };
  }
};

const POLL_MS = 300;

const rested = async (signal: AbortSignal): Promise<void> => {
  await pause(POLL_MS, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

interface LogPlace {
  readonly file: number;
  readonly size: number;
}

const placeOf = async (path: string): Promise<LogPlace> => {
  try {
    const { ino, size } = await stat(path);
    return { file: ino, size };
  } catch (error) {
    // Nothing was written yet, or it is being put aside at this moment.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { file: 0, size: 0 };
    throw error;
  }
};

/** Up to the last end of a line; what comes after it is still being written. */
const wholeLines = async (
  path: string,
  from: number,
  to: number,
): Promise<{ readonly text: string; readonly bytes: number }> => {
  if (to <= from) return { text: '', bytes: 0 };
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    const bytes = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    return { text: buffer.toString('utf8', 0, bytes), bytes };
  } finally {
    await file.close();
  }
};

const NEWLINE = 0x0a;

/** A line that a crash has cut is no record; the lines around it still are. */
const recordOf = (line: string): LogRecord | undefined => {
  try {
    return LogRecord.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const fits = (record: LogRecord, { runId, event, level }: LogFilter): boolean =>
  (runId === undefined || record.run_id === runId) &&
  (event === undefined || record.event === event) &&
  (level === undefined || LOG_LEVELS.indexOf(record.level) >= LOG_LEVELS.indexOf(level));
