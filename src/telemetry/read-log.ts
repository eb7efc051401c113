import { type FileHandle, open } from 'node:fs/promises';
import { LOG_LEVELS, type LogLevel, LogRecord } from './record.ts';
import { LOG_FILES_MAX, rotatedPath } from './rotating-file.ts';

export interface LogFilter {
  readonly runId?: string;
  readonly event?: string;
  /** This level and the graver ones. */
  readonly level?: LogLevel;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/**
 * The last `count` records, oldest first. Read from the end, because the answer is nearly always there: a log of 50 MB
 * costs as little as a small one. Goes on into the files that were put aside when the newest has too few.
 */
export const readLastRecords = async (
  path: string,
  count: number,
  filter: LogFilter = {},
): Promise<readonly LogRecord[]> => {
  const found: LogRecord[] = [];
  for (let age = 0; age < LOG_FILES_MAX && found.length < count; age += 1) {
    if ((await readFile(rotatedPath(path, age), count, filter, found)) === 'enough') break;
  }
  return found.toReversed();
};

/** Adds to `found`, newest first. A file that is not there has nothing to say. */
const readFile = async (
  path: string,
  count: number,
  filter: LogFilter,
  found: LogRecord[],
): Promise<'enough' | 'more'> => {
  const file = await openIfThere(path);
  if (file === undefined) return 'more';
  try {
    for await (const line of linesFromEnd(file)) {
      const record = recordOf(line, filter);
      if (record === undefined) continue;
      if (filter.since !== undefined && Date.parse(record.time) < filter.since) return 'enough';
      if (matches(record, filter)) found.push(record);
      if (found.length >= count) return 'enough';
    }
    return 'more';
  } finally {
    await file.close();
  }
};

const openIfThere = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`reading the log ${path}`, { cause: error });
  }
};

const CHUNK_BYTES = 64 * 1024;
/** No record of ours is longer; what is, is no record, and is not collected into memory. */
const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

async function* linesFromEnd(file: FileHandle): AsyncGenerator<string> {
  let end = (await file.stat()).size;
  // The pieces of the line whose beginning has not been read yet, last piece first.
  let pieces: Buffer[] = [];
  while (end > 0) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const chunk = buffer.subarray(0, bytesRead);
    let lineEnd = chunk.length;
    for (
      let at = chunk.lastIndexOf(NEWLINE);
      at >= 0;
      at = at === 0 ? -1 : chunk.lastIndexOf(NEWLINE, at - 1)
    ) {
      yield joined([...pieces, chunk.subarray(at + 1, lineEnd)]);
      pieces = [];
      lineEnd = at;
    }
    pieces.push(chunk.subarray(0, lineEnd));
    if (pieces.length * CHUNK_BYTES > LINE_BYTES_MAX) pieces = [];
    end = start;
  }
  yield joined(pieces);
}

// Bytes are joined before they are decoded, because a character may lie across two chunks.
const joined = (pieces: readonly Buffer[]): string => Buffer.concat(pieces.toReversed()).toString('utf8');

/** Most lines of a big log are about other runs; they are put aside before they are parsed. */
const recordOf = (line: string, { runId, event, level, since }: LogFilter): LogRecord | undefined => {
  if (line === '') return undefined;
  // With a time limit every line counts, because the first older one ends the search.
  if (since === undefined && runId !== undefined && !line.includes(`"${runId}"`)) return undefined;
  if (since === undefined && event !== undefined && !line.includes(`"${event}"`)) return undefined;
  if (since === undefined && level !== undefined && !hasLevel(line, level)) return undefined;
  return LogRecord.safeParse(jsonOf(line)).data;
};

const hasLevel = (line: string, level: LogLevel): boolean =>
  LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)).some((graver) => line.includes(`"level":"${graver}"`));

/** A line that was cut by a crash or a full disk is no record; the lines around it still are. */
const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const matches = (record: LogRecord, { runId, event, level }: LogFilter): boolean =>
  (runId === undefined || record.run_id === runId) &&
  (event === undefined || record.event === event) &&
  (level === undefined || LOG_LEVELS.indexOf(record.level) >= LOG_LEVELS.indexOf(level));
