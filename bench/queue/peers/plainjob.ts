import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker, JobStatus } from 'plainjob';
import type { QueueEnd, QueueModule, Wanted } from '../queue-end.ts';

const TYPE = 'noop';
const quiet = () => undefined;
const logger = { error: console.error, warn: quiet, info: quiet, debug: quiet };

/**
 * As it is it looks once a second and survives the death of its process but not of the machine (synchronous=NORMAL).
 * `tuned` looks every millisecond; FULL also flushes every transaction, as ours does.
 */
export const open: QueueModule['open'] = async (url, tuning): Promise<QueueEnd> => {
  const database = new Database(url.slice('file:'.length), { timeout: 5000 });
  const queue = defineQueue({ connection: better(database), logger });
  if (tuning.includes('FULL')) database.pragma('synchronous = FULL');
  const polling = tuning.includes('tuned') ? { pollIntervall: 1 } : {};
  const left = database.prepare('select 1 from plainjob_jobs where status in (0, 1) limit 1');
  return {
    add: async ({ id, laterMs }) => {
      queue.add(TYPE, { id }, delayOf(laterMs));
      return { id };
    },
    addMany: async (jobs) => {
      const laterMs = jobs[0]?.laterMs;
      queue.addMany(
        TYPE,
        jobs.map(({ id }) => ({ id })),
        delayOf(laterMs),
      );
    },
    // A worker of its takes one job at a time, so the slots are workers.
    work: async (slots, handle) => {
      const run = ({ data }: { data: string }) => handle((JSON.parse(data) as Wanted).id);
      for (let slot = 0; slot < slots; slot += 1) {
        void defineWorker(TYPE, run, { queue, logger, ...polling }).start();
      }
    },
    left: async () => (left.get() === undefined ? 'nothing' : 'closing'),
    counts: async () => ({
      undone:
        queue.countJobs({ status: JobStatus.Pending }) + queue.countJobs({ status: JobStatus.Processing }),
      done: queue.countJobs({ status: JobStatus.Done }),
    }),
    close: async () => queue.close(),
  };
};

const delayOf = (laterMs: number | undefined) => (laterMs === undefined ? {} : { delay: laterMs });
