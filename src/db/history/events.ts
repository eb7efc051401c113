import { canonical } from '../../core/runs/canonical.ts';
import { GENESIS, link, type Unlinked } from '../../core/runs/chain.ts';
import type { StoredEvent } from '../../core/runs/event.ts';
import { first, insertMany, many, rows, type Steps } from '../steps.ts';

// No `on conflict`: a second event of the same number is the fault that makes a lost race start again.
const EVENT = insertMany('events', {
  chain: 'text',
  seq: 'bigint',
  type: 'text',
  at: 'bigint',
  actor: 'text',
  payload: 'json',
  hash: 'text',
});

/** Appends to the chains of runs and to the chain of records, whose head is kept beside it. */
export function* insertEvents(events: readonly StoredEvent[]): Steps<void> {
  yield* many(
    EVENT,
    events.map((event) => [
      event.chain,
      event.seq,
      event.type,
      event.at,
      event.actor,
      // The text that its hash covers, so that whoever verifies need not make it again.
      canonical(event.payload),
      event.hash,
    ]),
  );
  const newest = events.findLast(({ chain }) => chain === 'system');
  if (newest === undefined) return;
  yield* rows("update system_chain set seq = $1, hash = $2 where name = 'system'", newest.seq, newest.hash);
}

/** Records of what the same transaction does, behind whatever stands in their chain by then. */
export function* appendRecords(records: readonly Unlinked[]): Steps<void> {
  if (records.length === 0) return;
  const head = yield* first<{ seq: number; hash: string }>(
    "select seq, hash from system_chain where name = 'system' for update",
  );
  yield* insertEvents(link('system', head ?? { seq: 0, hash: GENESIS }, records));
}
