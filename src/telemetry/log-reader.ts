import type { ILogReader } from '../core/ports/log.ts';
import { wordsOf } from './pretty.ts';
import { readLastRecords } from './read-log.ts';

/** The log as the rules read it, for whoever asks in a chat or in the console. */
export const logReader = (path: string): ILogReader => ({
  newest: async ({ count, ...filter }) => {
    const records = await readLastRecords(path, count, filter);
    return records.map((record) => ({
      at: Date.parse(record.time),
      level: record.level,
      ...(record.run_id === null ? {} : { runId: record.run_id }),
      event: record.event,
      words: wordsOf(record),
    }));
  },
});
