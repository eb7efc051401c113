import { logFile } from './cli/log-file.ts';
import { readLastRecords } from './telemetry/read-log.ts';
import type { ReadLog } from './web/web-deps.ts';

/** The log of the program that was started in this folder, for its console. */
export const ownLog =
  (cwd: string): ReadLog =>
  async ({ limit, runId, level }) => {
    const filter = { ...(runId && { runId }), ...(level && { level }) };
    const records = await readLastRecords(logFile(cwd), limit, filter);
    return records.map(({ time, level: at, run_id, event, msg, err }) => ({
      at: Date.parse(time),
      level: at,
      ...(run_id === null ? {} : { runId: run_id }),
      words: `${event} ${msg}${err === null ? '' : ` (${err.type}: ${err.message})`}`,
    }));
  };
