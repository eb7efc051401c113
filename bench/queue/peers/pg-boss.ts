import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { QueueEnd, QueueModule, Wanted } from '../queue-end.ts';

const QUEUE = 'noop';
/** Larger is sooner. */
const URGENT = 100;

/** `tuned`: batches of 500 fetched without a pause while they are full, woken by NOTIFY, the shortest poll it allows. */
const TUNED = { batchSize: 500, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };

export const open: QueueModule['open'] = async (url, tuning): Promise<QueueEnd> => {
  const tuned = tuning === 'tuned';
  const boss = new PgBoss({ connectionString: url, useListenNotify: tuned });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  if ((await boss.getQueue(QUEUE)) === null) await boss.createQueue(QUEUE, { notify: tuned });
  const pool = new Pool({ connectionString: url, max: 1 });
  const number = async (sql: string): Promise<number> => {
    const { rows } = await pool.query<{ n: string }>(sql);
    return Number(rows[0]?.n);
  };
  return {
    add: async (job) => {
      await boss.send(QUEUE, { id: job.id }, optionsOf(job));
      return { id: job.id };
    },
    addMany: async (jobs) => {
      await boss.insert(
        QUEUE,
        jobs.map((job) => ({ data: { id: job.id }, ...optionsOf(job) })),
      );
    },
    work: async (slots, handle) => {
      const options = { localConcurrency: slots, ...(tuned ? TUNED : {}) };
      await boss.work<{ id: string }>(QUEUE, options, async (jobs) => {
        for (const { data } of jobs) await handle(data.id);
      });
    },
    left: async () =>
      (await number(`select count(*) as n from (select from pgboss.job where ${UNDONE} limit 1) as one`)) ===
      0
        ? 'nothing'
        : 'closing',
    counts: async () => ({
      undone: await number(`select count(*) as n from pgboss.job where ${UNDONE}`),
      done: await number(`select count(*) as n from pgboss.job where ${OURS} and state = 'completed'`),
    }),
    close: async () => {
      await boss.stop();
      await pool.end();
    },
  };
};

const OURS = `name = '${QUEUE}'`;
const UNDONE = `${OURS} and state < 'completed'`;

const optionsOf = ({ kind, laterMs }: Wanted) => ({
  ...(kind === 'urgent' ? { priority: URGENT } : {}),
  ...(laterMs === undefined ? {} : { startAfter: Math.round(laterMs / 1000) }),
});
