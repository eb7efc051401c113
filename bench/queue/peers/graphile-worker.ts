import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'pg';
import type { Kind, QueueEnd, QueueModule } from '../queue-end.ts';

/** Its own log has a line per job; written nowhere it is faster, and that is to its credit. */
const logger = new Logger(() => () => undefined);
const TASK = 'noop';
/** Smaller is sooner. */
const URGENT = -100;
const LOCAL_QUEUE = 500;

/** `tuned`: what its chapter on performance names: a local queue, and completions written together. */
const presetOf = (tuning: string) =>
  tuning === 'tuned'
    ? { preset: { worker: { localQueue: { size: LOCAL_QUEUE }, completeJobBatchDelay: 0 } } }
    : {};

export const open: QueueModule['open'] = async (url, tuning): Promise<QueueEnd> => {
  const pool = new Pool({ connectionString: url, max: 10 });
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  return {
    add: async ({ id, kind, laterMs }) => {
      await utils.addJob(TASK, { id }, specOf(kind, laterMs));
      return { id };
    },
    addMany: async (jobs) => {
      await utils.addJobs(
        jobs.map(({ id, kind, laterMs }) => ({
          identifier: TASK,
          payload: { id },
          ...(kind === 'urgent' ? { priority: URGENT } : {}),
          ...(laterMs === undefined ? {} : { run_at: new Date(Date.now() + laterMs).toISOString() }),
        })),
      );
    },
    work: async (slots, handle) => {
      await run({
        // Its default pool of 10 would starve more slots than that.
        pgPool: new Pool({ connectionString: url, max: Math.max(10, slots + 2) }),
        concurrency: slots,
        logger,
        noHandleSignals: true,
        taskList: { [TASK]: (payload) => handle((payload as { id: string }).id) },
        crontab: '',
        ...presetOf(tuning),
      });
    },
    left: async () => {
      const { rows } = await pool.query<{ left: boolean }>(
        'select exists (select from graphile_worker._private_jobs) as left',
      );
      return rows[0]?.left === true ? 'closing' : 'nothing';
    },
    counts: async () => {
      // What is done it deletes.
      const { rows } = await pool.query<{ n: string }>(
        'select count(*) as n from graphile_worker._private_jobs',
      );
      return { undone: Number(rows[0]?.n) };
    },
    close: () => pool.end(),
  };
};

const specOf = (kind: Kind | undefined, laterMs: number | undefined) => ({
  ...(kind === 'urgent' ? { priority: URGENT } : {}),
  ...(laterMs === undefined ? {} : { runAt: new Date(Date.now() + laterMs) }),
});
