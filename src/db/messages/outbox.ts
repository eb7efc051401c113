import type { IOutbox, Settlement } from '../../core/ports/store.ts';
import { toJson } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { insertMany, many, rows, type Steps, updateMany } from '../steps.ts';
import { claimOutgoing } from './outbox-claim.ts';
import { suspend, unsuspend } from './suspension.ts';

export const outboxOf = (engine: Engine): IOutbox => ({
  claim: (p) => engine.write(() => claimOutgoing(p)),
  settle: async (settlements, at, owner) => {
    if (settlements.length === 0) return;
    await engine.write(() => settle(settlements, at, owner));
    // The next message of each lane may go now.
    engine.wake(['outbox']);
  },
  release: async (owner, at) => {
    await engine.write(function* () {
      yield* rows("update outbox set next_at = $2 where owner = $1 and state = 'sending'", owner, at);
    });
    engine.wake(['outbox']);
  },
  pauseLane: (address, until) =>
    engine.write(function* () {
      yield* rows(
        'insert into lane_pauses (address, until) values ($1, $2) ' +
          'on conflict (address) do update set until = excluded.until',
        address,
        until,
      );
    }),
  readdress: (from, to, at) => engine.write(() => readdress(from, to, at)),
  suspend: (address, reason, at) => engine.write(() => suspend(address, reason, at)),
  unsuspend: (address, at) => engine.write(() => unsuspend(address, at)),
});

function* settle(settlements: readonly Settlement[], at: number, owner: string): Steps<void> {
  yield* settleSent(
    settlements.filter((one) => one.k === 'sent'),
    at,
  );
  for (const one of settlements.filter((each) => each.k === 'dead')) yield* bury(one, at, owner);
  for (const one of settlements) {
    if (!('kept' in one)) continue;
    yield* rows(
      "update outbox set draft = $2 where id = $1 and state in ('sent', 'dead')",
      one.outboxId,
      toJson(one.kept),
    );
  }
  for (const one of settlements.filter((each) => each.k === 'later')) {
    yield* rows(
      "update outbox set state = 'open', owner = null, next_at = $2, attempts = attempts + $3, " +
        "ambiguous = ambiguous + $4, error = $5 where id = $1 and state = 'sending' and owner = $6 and next_at = $7",
      one.outboxId,
      one.at,
      one.attempt ? 1 : 0,
      one.ambiguous ? 1 : 0,
      one.error,
      owner,
      one.until,
    );
  }
}

const SENT = updateMany(
  'outbox',
  { state: 'text', owner: 'text', closed_at: 'bigint', message_id: 'text', error: 'text' },
  ['id', 'bigint'],
);

const CARD = insertMany(
  'cards',
  { run_id: 'text', address: 'text', message_id: 'text' },
  'on conflict (run_id, address) do update set message_id = excluded.message_id',
);

function* settleSent(sent: readonly Extract<Settlement, { k: 'sent' }>[], at: number): Steps<void> {
  if (sent.length === 0) return;
  const messages = new Map(sent.map(({ outboxId, messageId }) => [outboxId, messageId]));
  const found = yield* rows<{ id: number; run_id: string | null; address: string; kind: string }>(
    "select id, run_id, address, kind from outbox where id = any($1) and state = 'sending' order by id for update",
    [...messages.keys()],
  );
  yield* many(
    SENT,
    found.map(({ id }) => ['sent', null, at, messages.get(id) ?? null, null, id]),
  );
  const cards = new Map<string, readonly [string, string, string]>();
  for (const { id, run_id, address, kind } of found) {
    const messageId = messages.get(id);
    if (kind !== 'card' || run_id === null || messageId === undefined) continue;
    cards.set(`${run_id}\n${address}`, [run_id, address, messageId]);
  }
  yield* many(CARD, [...cards.values()]);
}

function* bury(one: Extract<Settlement, { k: 'dead' }>, at: number, owner: string): Steps<void> {
  yield* rows(
    "update outbox set state = 'dead', owner = null, closed_at = $2, error = $3 " +
      "where id = $1 and state = 'sending' and owner = $4 and next_at = $5",
    one.outboxId,
    at,
    one.error,
    owner,
    one.until,
  );
}

/** Everything that lives under the old address lives under the new one from now on. */
function* readdress(from: string, to: string, at: number): Steps<void> {
  if (from === to) return;
  yield* rows(
    'insert into addresses (address, moved_to, at) values ($1, $2, $3) ' +
      'on conflict (address) do update set moved_to = excluded.moved_to, at = excluded.at',
    from,
    to,
    at,
  );
  // Moves stay flat: whoever moved to the old address lives at the new one too, and nobody moves in a circle.
  yield* rows('update addresses set moved_to = $2 where moved_to = $1', from, to);
  yield* rows('update addresses set moved_to = null where address = $1', to);
  // What waits at both addresses is the same message.
  yield* rows(
    "update outbox set state = 'superseded', closed_at = $3 where address = $1 and state = 'open' " +
      'and key in (select key from outbox where address = $2)',
    from,
    to,
    at,
  );
  yield* rows(
    "update outbox set address = $2 where address = $1 and state in ('open', 'sending') " +
      'and key not in (select key from outbox where address = $2)',
    from,
    to,
  );
  // Message ids begin anew in the new chat: an old one would name somebody else's message there. The next change of a run
  // sends its card again.
  yield* rows('delete from cards where address = $1', from);
  yield* rows('update runs set address = $2 where address = $1', from, to);
}
