import type { Consent, Notice } from '../../core/people/consent.ts';
import type { IReach, ReachChange, Receipt } from '../../core/ports/reach.ts';
import { given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { first, rows, type Steps } from '../steps.ts';
import { suspend, unsuspend } from './suspension.ts';

export const reachOf = (engine: Engine): IReach => ({
  consents: (identities) =>
    engine.read(function* () {
      return yield* rows<Consent>(
        'select identity, state, words, at from consents where identity = any($1) order by identity',
        identities,
      );
    }),
  mutes: (personIds) =>
    engine.read(function* () {
      const found = yield* rows<{ person_id: string; notice: Notice }>(
        'select person_id, notice from mutes where person_id = any($1) order by person_id, notice',
        personIds,
      );
      const grouped = Map.groupBy(found, ({ person_id }) => person_id);
      return new Map([...grouped].map(([id, group]) => [id, group.map(({ notice }) => notice)]));
    }),
  receipt: (channel, messageId) =>
    engine.read(function* () {
      const row = yield* first<{ state: Receipt['state']; error: string | null; at: number }>(
        'select state, error, at from receipts where channel = $1 and message_id = $2',
        channel,
        messageId,
      );
      return row === undefined ? undefined : { state: row.state, at: row.at, ...given('error', row.error) };
    }),
});

export function* changeReach(change: ReachChange, at: number): Steps<void> {
  switch (change.kind) {
    case 'consent':
      yield* rows(
        'insert into consents (identity, state, words, at) values ($1, $2, $3, $4) ' +
          'on conflict (identity) do update set state = excluded.state, words = excluded.words, at = excluded.at',
        change.identity,
        change.state,
        change.words,
        at,
      );
      yield* change.state === 'out'
        ? suspend(change.identity, OPTED_OUT, at)
        : unsuspend(change.identity, at);
      return;
    case 'mute':
      yield* change.muted
        ? rows(
            'insert into mutes (person_id, notice, at) values ($1, $2, $3) on conflict do nothing',
            change.personId,
            change.notice,
            at,
          )
        : rows('delete from mutes where person_id = $1 and notice = $2', change.personId, change.notice);
      return;
    case 'receipt':
      yield* rows(
        'insert into receipts (channel, message_id, address, state, rank, error, at) ' +
          'values ($1, $2, $3, $4, $5, $6, $7) on conflict (channel, message_id) do update set ' +
          'state = excluded.state, rank = excluded.rank, error = excluded.error, at = excluded.at ' +
          'where excluded.rank > receipts.rank',
        change.channel,
        change.messageId,
        change.address,
        change.state,
        RANK[change.state],
        change.error ?? null,
        at,
      );
      return;
  }
}

const OPTED_OUT = 'opted out';

/** Of the last three there is one: whichever came first stays. */
const RANK: Readonly<Record<Receipt['state'], number>> = {
  queued: 1,
  sent: 2,
  delivered: 3,
  undelivered: 3,
  failed: 3,
};
