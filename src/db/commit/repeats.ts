import type { DispatchRepeat, Repeat } from '../../core/ports/store.ts';
import type { Instant } from '../../core/time/instant.ts';
import { insertMany, many, rows, type Steps } from '../steps.ts';

interface Key {
  readonly channel: string;
  readonly account: string;
  readonly eventKey: string;
}

/** Notes messages that came again; the same one twice in a batch counts twice. */
export function* noteRepeats(keys: readonly Key[], at: Instant): Steps<void> {
  const times = new Map<string, { readonly key: Key; readonly count: number }>();
  for (const key of keys) {
    const id = JSON.stringify([key.channel, key.account, key.eventKey]);
    times.set(id, { key, count: (times.get(id)?.count ?? 0) + 1 });
  }
  yield* many(
    REPEAT,
    [...times.values()].map(({ key, count }) => [key.channel, key.account, key.eventKey, count, at]),
  );
}

const REPEAT = insertMany(
  'repeats',
  { channel: 'text', account: 'text', event_key: 'text', times: 'bigint', last_at: 'bigint' },
  'on conflict (channel, account, event_key) do update ' +
    'set times = repeats.times + excluded.times, last_at = excluded.last_at',
);

export function* newestRepeats(limit: number): Steps<readonly Repeat[]> {
  const found = yield* rows<{
    channel: string;
    account: string;
    event_key: string;
    times: number;
    last_at: number;
  }>('select channel, account, event_key, times, last_at from repeats order by last_at desc limit $1', limit);
  return found.map(({ channel, account, event_key, times, last_at }) => ({
    channel,
    account,
    eventKey: event_key,
    times,
    lastAt: last_at,
  }));
}

/** An attempt that was put into the queue while it was there already. */
export interface RepeatedDispatch {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly at: Instant;
}

/** Ordinary work has none, and then nothing is written. */
export function* noteDispatches(repeated: readonly RepeatedDispatch[]): Steps<void> {
  const groups = Map.groupBy(repeated, ({ runId, epoch, attempt }) =>
    JSON.stringify([runId, epoch, attempt]),
  );
  yield* many(
    DISPATCH,
    // Always in this order, so that two batches cannot wait for each other.
    [...groups.values()].map(dispatchRow).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const dispatchRow = (group: readonly RepeatedDispatch[]) => {
  const [first] = group;
  const lastAt = Math.max(...group.map(({ at }) => at));
  return [first?.runId ?? '', first?.epoch ?? 0, first?.attempt ?? 0, group.length, lastAt] as const;
};

const DISPATCH = insertMany(
  'dispatch_repeats',
  { run_id: 'text', epoch: 'bigint', attempt: 'bigint', times: 'bigint', last_at: 'bigint' },
  'on conflict (run_id, epoch, attempt) do update ' +
    'set times = dispatch_repeats.times + excluded.times, last_at = excluded.last_at',
);

export function* newestDispatchRepeats(limit: number): Steps<readonly DispatchRepeat[]> {
  const found = yield* rows<{
    run_id: string;
    epoch: number;
    attempt: number;
    times: number;
    last_at: number;
  }>(
    'select run_id, epoch, attempt, times, last_at from dispatch_repeats order by last_at desc limit $1',
    limit,
  );
  return found.map(({ run_id, epoch, attempt, times, last_at }) => ({
    runId: run_id,
    epoch,
    attempt,
    times,
    lastAt: last_at,
  }));
}
