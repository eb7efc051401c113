import { type JobsOptions, Queue, Worker } from 'bullmq';
import type { QueueEnd, QueueModule, Wanted } from '../queue-end.ts';

const QUEUE = 'noop';

/** Both tunings are the same program; what differs is how its Redis keeps what it is told. */
export const open: QueueModule['open'] = async (url): Promise<QueueEnd> => {
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port) };
  const queue = new Queue(QUEUE, { connection });
  await queue.waitUntilReady();
  const undone = async (): Promise<number> => {
    const counts = await queue.getJobCounts('waiting', 'active', 'prioritized', 'delayed');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  return {
    add: async (job) => {
      await queue.add(QUEUE, { id: job.id }, optionsOf(job));
      return { id: job.id };
    },
    addMany: async (jobs) => {
      await queue.addBulk(jobs.map((job) => ({ name: QUEUE, data: { id: job.id }, opts: optionsOf(job) })));
    },
    work: async (slots, handle) => {
      const worker = new Worker<{ id: string }>(QUEUE, ({ data }) => Promise.resolve(handle(data.id)), {
        connection,
        concurrency: slots,
      });
      worker.on('error', (error) => console.error(error));
      await worker.waitUntilReady();
    },
    left: async () => ((await undone()) === 0 ? 'nothing' : 'closing'),
    counts: async () => ({ undone: await undone(), done: await queue.getCompletedCount() }),
    close: () => queue.close(),
  };
};

/** Jobs with a priority come after those without, the smallest number first. */
const optionsOf = ({ kind, laterMs }: Wanted): JobsOptions => ({
  ...(kind === 'urgent' ? { priority: 1 } : {}),
  ...(kind === 'low' ? { priority: 100 } : {}),
  ...(laterMs === undefined ? {} : { delay: laterMs }),
});
