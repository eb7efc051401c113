import type { IDuplicates, IPauses } from '../core/ports/upkeep.ts';
import type { DuplicateKind, Duplicates } from '../core/text/duplicates.ts';
import { given } from './codec.ts';
import type { Engine } from './engine.ts';
import { insertMany, many, rows, type Steps } from './steps.ts';

export const pausesOf = (engine: Engine): IPauses => ({
  list: () =>
    engine.read(function* () {
      const found = yield* rows<{ what: string; paused_by: string; at: number; reason: string | null }>(
        'select what, paused_by, at, reason from queue_pauses order by what desc',
      );
      return found.map(({ what, paused_by, at, reason }) => ({
        what,
        by: paused_by,
        at,
        ...given('reason', reason),
      }));
    }),
});

export const duplicatesOf = (engine: Engine): IDuplicates => ({
  read: (limit) => engine.read(() => duplicates(limit)),
});

function* duplicates(limit: number): Steps<Duplicates> {
  const counts = yield* rows<{ kind: DuplicateKind; keys: number; times: number }>(
    'select kind, count(*) as keys, cast(sum(times) as bigint) as times from suppressed_duplicates ' +
      'group by kind order by kind',
  );
  const newest = yield* rows<{ kind: DuplicateKind; key: string; times: number; last_at: number }>(
    'select kind, key, times, last_at from suppressed_duplicates order by last_at desc, key limit $1',
    limit,
  );
  return { counts, newest: newest.map(({ last_at, ...one }) => ({ ...one, lastAt: last_at })) };
}

export interface Duplicate {
  readonly kind: DuplicateKind;
  readonly key: string;
  readonly at: number;
}

const COUNT = insertMany(
  'suppressed_duplicates',
  { kind: 'text', key: 'text', times: 'bigint', first_at: 'bigint', last_at: 'bigint' },
  'on conflict (kind, key) do update set times = suppressed_duplicates.times + excluded.times, ' +
    'last_at = excluded.last_at',
);

/** Ordinary work has none, and then nothing is written. */
export function* countDuplicates(found: readonly Duplicate[]): Steps<void> {
  const groups = Map.groupBy(found, ({ kind, key }) => JSON.stringify([kind, key.slice(0, KEY_MAX)]));
  // Always in this order, so that two batches cannot wait for each other.
  const sorted = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  yield* many(
    COUNT,
    sorted.map(([name, group]) => {
      const [kind, key] = JSON.parse(name) as [string, string];
      const times = group.map(({ at }) => at);
      return [kind, key, group.length, Math.min(...times), Math.max(...times)];
    }),
  );
}

const KEY_MAX = 300;
