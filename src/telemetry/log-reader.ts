import type { ILogReader } from '../core/ports/log.ts';
import { wordsOf } from './pretty.ts';
import { readLastRecords } from './read-log.ts';

/** The log as the rules read it, for whoever asks in a chat. */
export const logReader = (path: string): ILogReader => ({
  newest: async ({ count, runId }) => {
    const records = await readLastRecords(path, count, runId === undefined ? {} : { runId });
    return records.map((record) => ({
      at: Date.parse(record.time),
      level: record.level,
      event: record.event,
      words: wordsOf(record),
    }));
  },
});
