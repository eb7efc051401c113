import type { Commit } from '../../core/ports/commit.ts';
import type { Wake } from '../../core/ports/store.ts';
import type { Upkeep } from '../../core/ports/upkeep.ts';
import { changeReach } from '../messages/reach.ts';
import { changePeople } from '../people/people-changes.ts';
import { changeTokens } from '../people/tokens.ts';
import { keepRequestDraft } from '../runs/request-drafts.ts';
import { rows, type Steps } from '../steps.ts';
import { countRefusals } from './refusals.ts';

/** Writes what commits change beside runs and messages, in their order. */
export function* keepUp(commits: readonly Commit[]): Steps<void> {
  for (const { upkeep = [], at } of commits) {
    for (const one of upkeep) yield* write(one, at);
  }
  // Last of all, so that nobody waits for anything while holding a count that everybody needs.
  yield* countRefusals(commits);
}

function* write(one: Upkeep, at: number): Steps<void> {
  switch (one.kind) {
    case 'gate':
      yield* rows(
        'insert into gates (name, open, value, changed_by, changed_at, recorded) values ($1, $2, $3, $4, $5, 1) ' +
          'on conflict (name) do update set open = excluded.open, value = excluded.value, ' +
          'changed_by = excluded.changed_by, changed_at = excluded.changed_at, recorded = 1',
        one.name,
        one.open ? 1 : 0,
        one.value ?? null,
        one.by,
        at,
      );
      yield* rows('delete from gate_proposals where name = $1', one.name);
      return;
    case 'gate_proposed':
      yield* rows(
        'insert into gate_proposals (name, value, person_id, proposed_by, at) values ($1, $2, $3, $4, $5) ' +
          'on conflict (name) do update set value = excluded.value, person_id = excluded.person_id, ' +
          'proposed_by = excluded.proposed_by, at = excluded.at',
        one.name,
        one.value,
        one.personId,
        one.by,
        at,
      );
      return;
    case 'gates_recorded':
      yield* rows('update gates set recorded = 1 where name = any($1)', one.names);
      return;
    case 'pause':
      yield* rows(
        'insert into queue_pauses (what, paused_by, at, reason) values ($1, $2, $3, $4) ' +
          'on conflict (what) do update set paused_by = excluded.paused_by, at = excluded.at, ' +
          'reason = excluded.reason',
        one.what,
        one.by,
        at,
        one.reason ?? null,
      );
      return;
    case 'unpause':
      yield* rows('delete from queue_pauses where what = $1', one.what);
      return;
    case 'freeze':
      yield* rows(
        "insert into freezes (what, frozen_by, at, reason) values ('everything', $1, $2, $3) " +
          'on conflict (what) do nothing',
        one.by,
        at,
        one.reason,
      );
      return;
    case 'unfreeze':
      yield* rows('delete from freezes');
      return;
    case 'never_accepted':
      yield* rows(
        'insert into never_acceptances (job_key, person_id, digest, accepted_by, at) values ($1, $2, $3, $4, $5) ' +
          'on conflict (job_key, person_id) do update set digest = excluded.digest, ' +
          'accepted_by = excluded.accepted_by, at = excluded.at',
        one.jobKey,
        one.personId,
        one.digest,
        one.by,
        at,
      );
      return;
    case 'acceptances_withdrawn':
      yield* rows('delete from never_acceptances where job_key = $1', one.jobKey);
      return;
    case 'silent':
      yield* rows(
        'update queue_heartbeat set silent_at = $2 where name = any($1) and silent_at is null',
        one.names,
        at,
      );
      return;
    case 'forget':
      yield* rows('delete from queue_heartbeat where name = any($1)', one.names);
      return;
    case 'bury':
      yield* rows(
        'insert into job_dead_letter (run_id, job_key, epoch, attempt, error, state, at) ' +
          "values ($1, $2, $3, $4, $5, 'open', $6) on conflict (run_id, epoch) do nothing",
        one.runId,
        one.jobKey,
        one.epoch,
        one.attempt,
        one.error,
        at,
      );
      return;
    case 'unbury':
      yield* rows(
        "update job_dead_letter set state = 'replayed', closed_at = $2, closed_by = $3 " +
          "where run_id = $1 and state = 'open'",
        one.runId,
        at,
        one.by,
      );
      return;
    case 'code_made':
    case 'code_closed':
    case 'code_missed':
    case 'phone_codes_closed':
    case 'person_admitted':
    case 'identity_linked':
    case 'identity_unlinked':
    case 'person_revoked':
      yield* changePeople(one, at);
      return;
    case 'token_created':
    case 'token_revoked':
      yield* changeTokens(one, at);
      return;
    case 'consent':
    case 'mute':
    case 'receipt':
      yield* changeReach(one, at);
      return;
    case 'request_draft':
      yield* keepRequestDraft(one.draft, at);
      return;
    case 'refusal_counted':
      return;
    case 'letter':
      yield* one.to === 'dropped' ? drop(one, at) : again(one, at);
      return;
  }
}

type Letter = Extract<Upkeep, { kind: 'letter' }>;

function* drop({ letter, by, reason = '' }: Letter, at: number): Steps<void> {
  if (letter.kind === 'job') {
    yield* rows(
      "update job_dead_letter set state = 'dropped', closed_at = $2, closed_by = $3, reason = $4 " +
        "where id = $1 and state = 'open'",
      letter.id,
      at,
      by,
      reason,
    );
    return;
  }
  // Who dropped it and why is in the history; the row keeps the error that it died of.
  const table = letter.kind === 'inbound' ? 'inbox' : 'outbox';
  yield* rows(
    `update ${table} set state = 'dropped', closed_at = $2 where id = $1 and state = 'dead'`,
    letter.id,
    at,
  );
}

function* again({ letter }: Letter, at: number): Steps<void> {
  if (letter.kind === 'inbound') {
    yield* rows(
      "update inbox set state = 'open', attempts = 0, next_at = $2, owner = null, error = null, closed_at = null " +
        "where id = $1 and state = 'dead' and body is not null",
      letter.id,
      at,
    );
  } else if (letter.kind === 'outbound') {
    yield* rows(
      "update outbox set state = 'open', attempts = 0, ambiguous = 0, next_at = $2, owner = null, " +
        "error = null, closed_at = null where id = $1 and state = 'dead'",
      letter.id,
      at,
    );
  }
}

/** Whether commits changed more than runs, messages, questions and counts. */
export const changesHouse = (commits: readonly Commit[]): boolean =>
  commits.some(({ upkeep = [] }) => upkeep.some(({ kind }) => !APART.has(kind)));

const APART: ReadonlySet<Upkeep['kind']> = new Set(['refusal_counted', 'request_draft', 'receipt']);

/** Which loops have something to do afterwards. */
export const wakesOf = (commits: readonly Commit[]): readonly Wake[] =>
  commits.flatMap(({ upkeep = [] }) =>
    upkeep.flatMap((one): readonly Wake[] => {
      if (one.kind === 'gate' || one.kind === 'unpause' || one.kind === 'unfreeze') return ['queue'];
      if (one.kind !== 'letter' || one.to !== 'again') return [];
      return [one.letter.kind === 'inbound' ? 'inbox' : 'outbox'];
    }),
  );
