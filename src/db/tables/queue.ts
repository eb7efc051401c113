import { sql } from 'drizzle-orm';
import type { Kit } from '../pg/kit.ts';

/**
 * What is due, what is for later and what is being worked live in three tables: a claim walks only rows that it may
 * take, by an index in exactly its order, and moving a row costs less than updating a state column twice.
 */
export const defineQueueTables = (kit: Kit) => {
  const { table, id, str, int, instant, index, uniqueIndex, primaryKey } = kit;
  const entry = () => ({
    run_id: str('run_id').notNull(),
    epoch: int('epoch').notNull(),
    attempt: int('attempt').notNull(),
    job_key: str('job_key').notNull(),
    priority: int('priority').notNull(),
    concurrency: int('concurrency').notNull(),
    not_before: instant('not_before').notNull(),
    fence: int('fence').notNull(),
  });
  const jobQueue = table(
    'job_queue',
    {
      /** Order of arrival; an entry that is given back keeps it. */
      seq: id('seq'),
      ...entry(),
      /** The priority negated, so that one ascending index is the order of the queue. */
      rank: int('rank').notNull(),
    },
    (t) => [
      uniqueIndex('job_queue_run').on(t.run_id),
      // Jobs without a limit are taken in order; jobs with one are looked up job by job, so that a hundred thousand
      // entries of a job that is full are never walked.
      index('job_queue_free').on(t.rank, t.seq).where(sql`concurrency >= 9007199254740991`),
      index('job_queue_limited').on(t.job_key, t.rank, t.seq).where(sql`concurrency < 9007199254740991`),
    ],
  );
  const jobLater = table('job_later', entry(), (t) => [
    primaryKey({ columns: [t.run_id] }),
    index('job_later_due').on(t.not_before),
  ]);
  const jobLeases = table(
    'job_leases',
    {
      ...entry(),
      seq: int('seq').notNull(),
      worker_id: str('worker_id').notNull(),
      lease_until: instant('lease_until').notNull(),
      beat_at: instant('beat_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.run_id] }),
      index('job_leases_limited').on(t.job_key).where(sql`concurrency < 9007199254740991`),
      index('job_leases_until').on(t.lease_until),
    ],
  );
  const queueHeartbeat = table('queue_heartbeat', {
    name: str('name').primaryKey(),
    /** worker or loop. */
    kind: str('kind').notNull(),
    slots: int('slots').notNull(),
    beat_at: instant('beat_at').notNull(),
    /** How often it means to be heard, and after how long a silence somebody should know. */
    every_ms: int('every_ms').notNull().default(5000),
    silent_ms: int('silent_ms').notNull().default(30_000),
    registered_at: instant('registered_at').notNull().default(0),
    /** When its silence was put on record; null as long as it is heard. */
    silent_at: instant('silent_at'),
    /** Where it lives, for whoever can tell from there that it is gone; empty when nobody can. */
    place: str('place').notNull().default(''),
  });
  return { jobQueue, jobLater, jobLeases, queueHeartbeat };
};
