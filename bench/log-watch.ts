import type { ProgramOptions } from './program.ts';

export interface LogWatch {
  readonly onLog: NonNullable<ProgramOptions['onLog']>;
  /** When that event of that run was reported, in our clock. Reports come right after the commit. */
  readonly seen: (event: string, runId: string, deadlineMs?: number) => Promise<number>;
}

/** Reads times off the log as it is written, so that nothing has to poll the database that is being measured. */
export const watchLog = (): LogWatch => {
  const times = new Map<string, number>();
  const waiting = new Map<string, (atMs: number) => void>();
  return {
    onLog: (line, atMs) => {
      if (!line.startsWith('{')) return;
      // Our own log: every record has these two fields.
      const { event, run_id } = JSON.parse(line) as { event: string; run_id: string | null };
      const key = `${event} ${run_id}`;
      if (!times.has(key)) times.set(key, atMs);
      waiting.get(key)?.(atMs);
      waiting.delete(key);
    },
    seen: (event, runId, deadlineMs = 20_000) =>
      new Promise((resolve, reject) => {
        const key = `${event} ${runId}`;
        const known = times.get(key);
        if (known !== undefined) return resolve(known);
        const late = setTimeout(() => reject(new Error(`no ${key} in ${deadlineMs} ms`)), deadlineMs);
        waiting.set(key, (atMs) => {
          clearTimeout(late);
          resolve(atMs);
        });
      }),
  };
};
