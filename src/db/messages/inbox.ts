import type { Inbound } from '../../core/ports/channel.ts';
import type { PendingInbound } from '../../core/ports/commit.ts';
import type { IInbox } from '../../core/ports/store.ts';
import { fromJson, given, toJson } from '../codec.ts';
import { grouped } from '../commit/group.ts';
import { onceKey } from '../commit/judge.ts';
import type { After } from '../commit/persist.ts';
import { noteRepeats } from '../commit/repeats.ts';
import type { Engine } from '../engine.ts';
import { first, insertMany, many, rows, type Steps, type Value } from '../steps.ts';

const batchMax = 500;

interface Arrival {
  readonly inbound: Inbound;
  readonly at: number;
  readonly hold: Hold | undefined;
}

type Hold = Parameters<IInbox['accept']>[2];
type Claim = Parameters<IInbox['claim']>[0];

export const inboxOf = (engine: Engine): IInbox => {
  const store = grouped<Arrival, boolean>(async (arrivals) => {
    if (arrivals.length === 0) return [];
    const fresh = await engine.write((after) => insert(arrivals, after));
    if (fresh.includes(true)) engine.wake(['inbox']);
    return fresh;
  }, batchMax);
  // Where the last look at the lanes ended, so that many busy lanes take turns.
  let lastLane = '';
  return {
    accept: async (batch, at, hold) => {
      const fresh = await store(batch.map((inbound) => ({ inbound, at, hold })));
      const stored = fresh.filter(Boolean).length;
      return { stored, known: batch.length - stored };
    },
    claim: async (claim) => {
      const from = lastLane;
      const found = await engine.read(() => heads(from, claim));
      lastLane = found.length < claim.limit ? '' : (found.at(-1)?.pending.inbound.lane ?? '');
      const free = found.flatMap(({ held, pending }) => (held ? [] : [pending.inboxId]));
      const taken = free.length === 0 ? [] : await engine.write(() => take(free, claim));
      return found
        .filter(({ held, pending }) => held || taken.includes(pending.inboxId))
        .map(({ pending }) => pending)
        .toSorted((a, b) => a.inboxId - b.inboxId);
    },
    fail: ({ inboxId, owner, error, next }) =>
      engine.write(function* () {
        yield* rows(
          'update inbox set attempts = attempts + 1, error = $3, state = $4, owner = null, ' +
            'next_at = coalesce(cast($5 as bigint), next_at) ' +
            "where id = $1 and owner = $2 and state = 'open'",
          inboxId,
          owner,
          error,
          next.kind === 'dead' ? 'dead' : 'open',
          next.kind === 'dead' ? null : next.at,
        );
      }),
    release: (owner, at) =>
      engine.write(function* () {
        yield* rows(
          "update inbox set owner = null, next_at = $2 where owner = $1 and state = 'open'",
          owner,
          at,
        );
      }),
    resultOf: (channel, account, eventKey) =>
      engine.read(function* () {
        const row = yield* first<{ run_id: string | null }>(
          'select run_id from inbox where channel = $1 and account = $2 and event_key = $3',
          channel,
          account,
          eventKey,
        );
        return row === undefined ? undefined : given('runId', row.run_id);
      }),
  };
};

const ARRIVAL = insertMany(
  'inbox',
  {
    channel: 'text',
    account: 'text',
    event_key: 'text',
    lane: 'text',
    state: 'text',
    body: 'json',
    attempts: 'bigint',
    next_at: 'bigint',
    owner: 'text',
    received_at: 'bigint',
    error: 'text',
  },
  'on conflict (channel, account, event_key) do nothing returning channel, account, event_key',
);

/** Which of them were new; of two equal ones the first. */
function* insert(arrivals: readonly Arrival[], after: After): Steps<readonly boolean[]> {
  // The columns are those of the `returning` above.
  const stored = (yield* many(ARRIVAL, arrivals.map(arrivalRow))) as readonly {
    channel: string;
    account: string;
    event_key: string;
  }[];
  const fresh = new Set(stored.map((row) => onceKey({ ...row, eventKey: row.event_key })));
  const isFresh = arrivals.map(({ inbound }) => fresh.delete(onceKey(inbound)));
  // After an answer that was lost, what is there already may be our own work; then it counts as new.
  if (after === 'unknown') return arrivals.map(() => true);
  const again = arrivals.filter((_, index) => isFresh[index] === false);
  const latest = Math.max(...again.map(({ at }) => at));
  yield* noteRepeats(
    again.map(({ inbound }) => inbound),
    latest,
  );
  return isFresh;
}

const arrivalRow = ({ inbound, at, hold }: Arrival): readonly Value[] => {
  const { channel, account, eventKey, lane } = inbound;
  // What nobody can read never becomes work; it is kept for whoever looks into it.
  const unreadable = inbound.kind === 'unreadable';
  const state = unreadable ? 'dead' : 'open';
  const error = unreadable ? inbound.reason : null;
  const [until, owner] = hold === undefined ? [at, null] : [hold.until, hold.owner];
  return [channel, account, eventKey, lane, state, toJson(inbound), 0, until, owner, at, error];
};

interface HeadRow {
  readonly id: number;
  readonly body: string;
  readonly received_at: number;
  readonly attempts: number;
  /** 1 when it is the owner's already. */
  readonly held: number;
}

interface Head {
  readonly held: boolean;
  readonly pending: PendingInbound;
}

/** From lane `from` on to the last one, then from the first one on. */
function* heads(from: string, { owner, busy, limit, at }: Claim): Steps<readonly Head[]> {
  const after = yield* rows<HeadRow>(HEADS, from, at, limit, owner, busy);
  const isAll = from === '' || after.length >= limit;
  const before = isAll ? [] : yield* rows<HeadRow>(HEADS, '', at, limit, owner, busy);
  const all = new Map([...after, ...before].map((row) => [row.id, row]));
  return [...all.values()].slice(0, limit).map((row) => ({
    held: row.held === 1,
    pending: {
      inboxId: row.id,
      inbound: fromJson(row.body) as Inbound,
      receivedAt: row.received_at,
      attempts: row.attempts,
    },
  }));
}

// Hops from lane to lane along the index of open rows, so that a long lane costs no more than a short one.
const HEADS =
  'with recursive lanes (lane) as (' +
  "select min(lane) from inbox where state = 'open' and lane > $1 union all " +
  "select (select min(i.lane) from inbox i where i.state = 'open' and i.lane > lanes.lane) from lanes " +
  'where lanes.lane is not null), ' +
  "heads (id) as (select (select min(h.id) from inbox h where h.state = 'open' and h.lane = lanes.lane) " +
  'from lanes where lanes.lane is not null) ' +
  'select i.id, i.body, i.received_at, i.attempts, ' +
  'case when i.owner = $4 and i.next_at > $2 then 1 else 0 end as held ' +
  'from heads join inbox i on i.id = heads.id ' +
  'where (i.next_at <= $2 or i.owner = $4) and i.lane <> all($5) limit $3';

/** Those that nobody took meanwhile. */
function* take(ids: readonly number[], { owner, at, until }: Claim): Steps<readonly number[]> {
  const found = yield* rows<{ id: number }>(
    "select id from inbox where id = any($1) and state = 'open' and (next_at <= $2 or owner = $3) " +
      'order by id for update skip locked',
    ids,
    at,
    owner,
  );
  const free = found.map(({ id }) => id);
  if (free.length > 0) {
    yield* rows('update inbox set owner = $2, next_at = $3 where id = any($1)', free, owner, until);
  }
  return free;
}
