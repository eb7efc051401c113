import type { Commit } from '../../core/ports/commit.ts';
import type { RefusalCount } from '../../core/text/cards/refusal-words.ts';
import type { Instant } from '../../core/time/instant.ts';
import { insertMany, many, rows, type Steps } from '../steps.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEPT_MS = 90 * DAY_MS;

/** Counts what commits refused: one row per hour and reason, however many tried. */
export function* countRefusals(commits: readonly Commit[]): Steps<void> {
  const sums = new Map<string, readonly [hour: number, kind: string, reason: string, times: number]>();
  for (const { upkeep = [], at } of commits) {
    for (const one of upkeep) {
      if (one.kind !== 'refusal_counted') continue;
      const { kind, reason } = one.refused;
      const hour = at - (at % HOUR_MS);
      const id = `${hour} ${kind} ${reason}`;
      sums.set(id, [hour, kind, reason, (sums.get(id)?.[3] ?? 0) + one.times]);
    }
  }
  if (sums.size === 0) return;
  // Always in this order, so that two batches cannot wait for each other.
  const sorted = [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const written = yield* many(COUNT, sorted);
  // The first of an hour takes the oldest along.
  const isFirst = sorted.some(([, , , times], index) => timesOf(written[index]) === times);
  const oldest = Math.min(...sorted.map(([hour]) => hour)) - KEPT_MS;
  if (isFirst) yield* rows('delete from refusals where hour_at < $1', oldest);
}

const COUNT = insertMany(
  'refusals',
  { hour_at: 'bigint', kind: 'text', reason: 'text', times: 'bigint' },
  'on conflict (hour_at, kind, reason) do update set times = refusals.times + excluded.times returning times',
);

const timesOf = (row: unknown): number | undefined => (row as { readonly times: number } | undefined)?.times;

export function* refusalCounts(at: Instant): Steps<readonly RefusalCount[]> {
  return yield* rows<RefusalCount>(
    'select kind, reason, cast(sum(case when hour_at > $1 then times else 0 end) as bigint) as day, ' +
      'cast(sum(times) as bigint) as week from refusals where hour_at > $2 group by kind, reason order by kind, reason',
    at - DAY_MS,
    at - 7 * DAY_MS,
  );
}
