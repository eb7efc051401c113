import type { LoadFigures } from '../../core/ports/store.ts';
import { rows, type Steps } from '../steps.ts';
import { figures } from './figures.ts';

/** The figures of the board with what only a monitor wants to know; each read from an index of what is alive. */
export function* loads(at: number): Steps<LoadFigures> {
  const unsent = yield* rows<{ channel: string; count: number; oldest: number }>(
    'select channel, count(*) as count, min(created_at) as oldest from outbox ' +
      "where state in ('open', 'sending') group by channel order by channel",
  );
  return {
    ...(yield* figures(at)),
    live: yield* rows<LoadFigures['live'][number]>(
      'select status, count(*) as count from runs where ended_at is null group by status order by status',
    ),
    busy: yield* rows<LoadFigures['busy'][number]>(
      'select worker_id as "workerId", count(*) as count from job_leases group by worker_id order by worker_id',
    ),
    unsent: unsent.map(({ channel, count, oldest }) => ({
      channel,
      count,
      oldestMs: Math.max(0, at - oldest),
    })),
  };
}
