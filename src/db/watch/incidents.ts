import type { IIncidents } from '../../core/ports/scores.ts';
import type { Incident } from '../../core/scorecard/readings.ts';
import { given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { insertMany, many, rows, type Steps } from '../steps.ts';

const MINUTE_MS = 60_000;
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;
/** There are not so many kinds of trouble. */
const OPEN_MAX = 1000;

export const incidentsOf = (engine: Engine): IIncidents => ({
  open: () =>
    engine.read(function* () {
      return yield* incidentRows('cleared_at is null order by kind, name limit $1', OPEN_MAX);
    }),
  note: ({ at, raised, cleared }) =>
    engine.write(function* () {
      const minute = at - (at % MINUTE_MS);
      const isFirst = yield* rows(
        'insert into up_minutes (minute_at) values ($1) on conflict do nothing returning minute_at',
        minute,
      );
      // Always in this order, so that two processes cannot wait for each other.
      for (const { kind, name } of inOrder(cleared)) {
        yield* rows(
          'update incidents set cleared_at = $3 where kind = $1 and name = $2 and cleared_at is null',
          kind,
          name,
          at,
        );
      }
      yield* many(
        RAISE,
        inOrder(raised).map(({ kind, name }) => [kind, name, at]),
      );
      if (isFirst.length > 0) yield* forget(at - KEPT_MS);
    }),
});

const RAISE = insertMany(
  'incidents',
  { kind: 'text', name: 'text', raised_at: 'bigint' },
  'on conflict do nothing returning id',
);

const inOrder = <T extends { readonly kind: string; readonly name: string }>(
  names: readonly T[],
): readonly T[] => names.toSorted((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));

/** With the first of every minute, so that there is never much of it. */
function* forget(before: number): Steps<void> {
  yield* rows('delete from up_minutes where minute_at < $1', before);
  yield* rows('delete from incidents where raised_at < $1 and cleared_at is not null', before);
}

interface Row {
  readonly kind: Incident['kind'];
  readonly name: string;
  readonly raised_at: number;
  readonly cleared_at: number | null;
}

/** `rest` is the condition, the order and the limit. */
export function* incidentRows(rest: string, ...params: readonly number[]): Steps<readonly Incident[]> {
  const found = yield* rows<Row>(
    `select kind, name, raised_at, cleared_at from incidents where ${rest}`,
    ...params,
  );
  return found.map(({ kind, name, raised_at, cleared_at }) => ({
    kind,
    name,
    raisedAt: raised_at,
    ...given('clearedAt', cleared_at),
  }));
}
