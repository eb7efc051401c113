import type { ILeases, NamedLease } from '../../core/ports/leases.ts';
import type { Engine } from '../engine.ts';
import { first, rows, type Steps } from '../steps.ts';

type Take = Parameters<ILeases['take']>[0];

export const leasesOf = (engine: Engine): ILeases => {
  const holders = new Map<string, string>();
  /** Whoever waits only looks, so that waiting costs no write; whoever had it last has no need to look. */
  const taken = async (p: Take): Promise<NamedLease> => {
    if (holders.get(p.name) === p.holder) return engine.write(() => take(p));
    const seen = await engine.read(() => find(p.name));
    return seen === undefined || isToBeHad(seen, p) ? engine.write(() => take(p)) : seen;
  };
  return {
    take: async (p) => {
      const lease = await taken(p);
      holders.set(p.name, lease.holder);
      return lease;
    },
    release: ({ name, holder, fence }) =>
      engine.write(function* () {
        yield* rows(
          'update named_leases set until = 0 where name = $1 and holder = $2 and fence = $3',
          name,
          holder,
          fence,
        );
      }),
    list: () => engine.read(() => rows<NamedLease>(`select ${COLUMNS} from named_leases order by name`)),
  };
};

const COLUMNS = 'name, holder, place, fence, since, until';

const find = (name: string): Steps<NamedLease | undefined> =>
  first<NamedLease>(`select ${COLUMNS} from named_leases where name = $1`, name);

const isToBeHad = ({ holder, until, fence }: NamedLease, p: Take): boolean =>
  holder === p.holder || until <= p.at || fence === p.over;

function* take(p: Take): Steps<NamedLease> {
  const { name, holder, place, at, until, over = NO_FENCE } = p;
  const taken = yield* first<NamedLease>(TAKE, name, holder, place, at, until, over);
  const lease = taken ?? (yield* find(name));
  if (lease === undefined) throw new Error(`the lease ${name} is gone`);
  return lease;
}

/** Fences begin at 1. */
const NO_FENCE = 0;

// One's own lease that is not over is renewed; every other success is a change of owner. The casts are for PostgreSQL,
// which cannot tell the types of parameters from a comparison with one another.
const RENEWED = 'l.holder = excluded.holder and l.until > cast($4 as bigint)';
const TAKE =
  'insert into named_leases as l (name, holder, place, fence, since, until) ' +
  'values ($1, $2, $3, 1, cast($4 as bigint), $5) on conflict (name) do update set ' +
  `fence = case when ${RENEWED} then l.fence else l.fence + 1 end, ` +
  `since = case when ${RENEWED} then l.since else excluded.since end, ` +
  'holder = excluded.holder, place = excluded.place, until = excluded.until ' +
  'where l.holder = excluded.holder or l.until <= cast($4 as bigint) or l.fence = cast($6 as bigint) ' +
  `returning ${COLUMNS}`;
