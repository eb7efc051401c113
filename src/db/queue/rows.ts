import type { QueueEntry } from '../../core/ports/commit.ts';
import { insertMany, type Value } from '../steps.ts';

/** An entry as the three tables of the queue keep it. In a lease `fence` is the lease's own. */
export interface EntryRow {
  readonly run_id: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly job_key: string;
  readonly priority: number;
  readonly concurrency: number;
  readonly not_before: number;
  readonly fence: number;
}

const ENTRY = {
  run_id: 'text',
  epoch: 'bigint',
  attempt: 'bigint',
  job_key: 'text',
  priority: 'bigint',
  concurrency: 'bigint',
  not_before: 'bigint',
  fence: 'bigint',
} as const;

export const ENTRY_COLUMNS = Object.keys(ENTRY).join(', ');

/** Due entries, numbered in the order of their coming. */
export const READY = insertMany('job_queue', { ...ENTRY, rank: 'bigint' }, 'on conflict (run_id) do nothing');

/** A due entry that was in a worker's hands and takes its old place. */
export const READY_AGAIN = insertMany(
  'job_queue',
  { ...ENTRY, rank: 'bigint', seq: 'bigint' },
  'on conflict (run_id) do nothing',
);

export const LATER = insertMany('job_later', ENTRY, 'on conflict (run_id) do nothing');

// An old lease of the run can only be a forgotten one; the larger fence wins.
export const LEASE = insertMany(
  'job_leases',
  { ...ENTRY, seq: 'bigint', worker_id: 'text', lease_until: 'bigint', beat_at: 'bigint' },
  'on conflict (run_id) do update set epoch = excluded.epoch, attempt = excluded.attempt, ' +
    'job_key = excluded.job_key, priority = excluded.priority, concurrency = excluded.concurrency, ' +
    'not_before = excluded.not_before, fence = excluded.fence, seq = excluded.seq, ' +
    'worker_id = excluded.worker_id, lease_until = excluded.lease_until, beat_at = excluded.beat_at',
);

export const entryOf = (row: EntryRow): QueueEntry => ({
  runId: row.run_id,
  epoch: row.epoch,
  attempt: row.attempt,
  jobKey: row.job_key,
  priority: row.priority,
  concurrency: row.concurrency,
  notBefore: row.not_before,
  fence: row.fence,
});

export const rowOf = (entry: QueueEntry): EntryRow => ({
  run_id: entry.runId,
  epoch: entry.epoch,
  attempt: entry.attempt,
  job_key: entry.jobKey,
  priority: entry.priority,
  concurrency: entry.concurrency,
  not_before: entry.notBefore,
  fence: entry.fence,
});

/** In the order of the columns. */
export const valuesOf = (row: EntryRow): readonly Value[] => [
  row.run_id,
  row.epoch,
  row.attempt,
  row.job_key,
  row.priority,
  row.concurrency,
  row.not_before,
  row.fence,
];

export const rankOf = (row: EntryRow): number => 0 - row.priority;
