import type { Draft } from '../../core/ports/commit.ts';
import type { IOutbox, Outgoing } from '../../core/ports/store.ts';
import { fromJson, given } from '../codec.ts';
import { rows, type Steps } from '../steps.ts';

type Claim = Parameters<IOutbox['claim']>[0];

interface HeadRow {
  readonly id: number;
  readonly address: string;
  readonly run_id: string | null;
  readonly kind: 'card' | 'note';
  readonly draft: string;
  readonly state: 'open' | 'sending';
  readonly attempts: number;
  readonly ambiguous: number;
  readonly created_at: number;
  readonly suspended_because: string | null;
}

/** After a head that is not worth sending comes the next one of its lane; more than this waits for the next claim. */
const roundsMax = 20;

export function* claimOutgoing(claim: Claim): Steps<readonly Outgoing[]> {
  const taken: HeadRow[] = [];
  for (let round = 0; round < roundsMax && taken.length < claim.limit; round += 1) {
    // Two statements, because a planner that joins them guesses how many lanes there are, and reads everything.
    const ids = (yield* rows<{ id: number | null }>(HEAD_IDS)).flatMap(({ id }) => id ?? []);
    const heads = yield* rows<HeadRow>(HEADS, claim.at, claim.channels, claim.limit - taken.length, ids);
    const outdated = yield* outdatedAmong(heads);
    const refused = heads.filter(({ suspended_because }) => suspended_because !== null);
    const good = heads.filter((head) => !refused.includes(head) && !outdated.has(head.id));
    yield* refuse(refused, claim.at);
    yield* supersede([...outdated], claim.at);
    yield* take(good, claim);
    taken.push(...good);
    if (good.length === heads.length) break;
  }
  const cards = yield* cardsOf(taken);
  return taken.map((row) => outgoing(row, cards, claim.until));
}

// Hops from lane to lane, as the inbox does. The head of a lane is its oldest row that is open or under way.
const HEAD_IDS =
  'with recursive lanes (address) as (' +
  "select min(address) from outbox where state in ('open', 'sending') union all " +
  "select (select min(o.address) from outbox o where o.state in ('open', 'sending') " +
  'and o.address > lanes.address) from lanes where lanes.address is not null) ' +
  "select (select min(h.id) from outbox h where h.state in ('open', 'sending') " +
  'and h.address = lanes.address) as id from lanes where lanes.address is not null';

// A row under way comes back only when its owner's time is over.
const HEADS =
  'select o.id, o.address, o.run_id, o.kind, o.draft, o.state, o.attempts, o.ambiguous, o.created_at, ' +
  'a.suspended_because from outbox o ' +
  'left join addresses a on a.address = o.address left join lane_pauses p on p.address = o.address ' +
  "where o.id = any($4) and o.state in ('open', 'sending') and o.next_at <= $1 and o.channel = any($2) " +
  'and (p.until is null or p.until <= $1) ' +
  'order by o.priority desc, o.id limit $3 for update of o skip locked';

/** Edits of a card that a newer edit of the same card stands behind. */
function* outdatedAmong(heads: readonly HeadRow[]): Steps<ReadonlySet<number>> {
  const edits = heads.filter(({ kind, run_id }) => kind === 'card' && run_id !== null).map(({ id }) => id);
  if (edits.length === 0) return new Set();
  const found = yield* rows<{ id: number }>(
    'select o.id from outbox o where o.id = any($1) ' +
      'and exists (select 1 from cards c where c.run_id = o.run_id and c.address = o.address) ' +
      'and exists (select 1 from outbox n where n.run_id = o.run_id and n.address = o.address ' +
      "and n.state = 'open' and n.kind = 'card' and n.id > o.id)",
    edits,
  );
  return new Set(found.map(({ id }) => id));
}

function* refuse(heads: readonly HeadRow[], at: number): Steps<void> {
  for (const { id, suspended_because } of heads) {
    yield* rows(
      "update outbox set state = 'dead', error = $2, closed_at = $3 where id = $1",
      id,
      suspended_because,
      at,
    );
  }
}

function* supersede(ids: readonly number[], at: number): Steps<void> {
  if (ids.length === 0) return;
  yield* rows("update outbox set state = 'superseded', closed_at = $2 where id = any($1)", ids, at);
}

function* take(heads: readonly HeadRow[], { owner, until }: Claim): Steps<void> {
  if (heads.length === 0) return;
  yield* rows(
    "update outbox set ambiguous = ambiguous + case when state = 'sending' then 1 else 0 end, " +
      "state = 'sending', owner = $2, next_at = $3 where id = any($1)",
    heads.map(({ id }) => id),
    owner,
    until,
  );
}

function* cardsOf(heads: readonly HeadRow[]): Steps<ReadonlyMap<string, string>> {
  const runIds = heads.flatMap(({ run_id }) => (run_id === null ? [] : [run_id]));
  if (runIds.length === 0) return new Map();
  const found = yield* rows<{ run_id: string; address: string; message_id: string }>(
    'select run_id, address, message_id from cards where run_id = any($1)',
    runIds,
  );
  return new Map(found.map((card) => [cardKey(card.run_id, card.address), card.message_id]));
}

const cardKey = (runId: string | null, address: string): string => `${runId ?? ''}\n${address}`;

const outgoing = (row: HeadRow, cards: ReadonlyMap<string, string>, until: number): Outgoing => ({
  outboxId: row.id,
  until,
  draft: fromJson(row.draft) as Draft,
  attempts: row.attempts,
  ambiguous: row.ambiguous + (row.state === 'sending' ? 1 : 0),
  createdAt: row.created_at,
  address: row.address,
  ...given('cardMessageId', cards.get(cardKey(row.run_id, row.address))),
});
