import type { PeopleChange } from '../../core/ports/people.ts';
import { toJson } from '../codec.ts';
import { rows, type Steps } from '../steps.ts';
import { closeCode, closePhoneCodes, makeCode, missCode } from './codes.ts';

/**
 * Writes what was judged a moment ago. The file may have been read again since then, which leaves no record to notice it
 * by; so nothing is taken from what stands, and what nobody is left to have is not written.
 */
export function* changePeople(change: PeopleChange, at: number): Steps<void> {
  switch (change.kind) {
    case 'code_made':
      yield* makeCode(change, at);
      return;
    case 'code_closed':
      yield* closeCode(change.codeHash, at);
      return;
    case 'code_missed':
      yield* missCode(change.identity, at);
      return;
    case 'phone_codes_closed':
      yield* closePhoneCodes(change.identity, at);
      return;
    case 'person_admitted':
      yield* admit(change, at);
      return;
    case 'identity_linked':
      yield* addIdentity(change.identity, change.personId);
      return;
    case 'identity_unlinked':
      yield* rows(
        'update codes set used_at = $2 where identity = $1 and used_at is null',
        change.identity,
        at,
      );
      yield* rows("delete from identities where identity = $1 and source = 'chat'", change.identity);
      return;
    case 'person_revoked':
      yield* revoke(change.personId, at);
      return;
  }
}

function* admit({ person }: Extract<PeopleChange, { kind: 'person_admitted' }>, at: number): Steps<void> {
  const { id, name, roles, identities } = person;
  yield* rows(
    "insert into people (id, name, roles, source, added_at) values ($1, $2, $3, 'chat', $4) " +
      'on conflict (id) do nothing',
    id,
    name,
    toJson(roles),
    at,
  );
  for (const identity of identities) yield* addIdentity(identity, id);
}

/** Behind all the others that the person has. */
function* addIdentity(identity: string, personId: string): Steps<void> {
  yield* rows(
    'insert into identities (identity, person_id, position, source) ' +
      "select $1, p.id, (select coalesce(max(position), -1) + 1 from identities where person_id = $2), 'chat' " +
      'from people p where p.id = $2 on conflict (identity) do nothing',
    identity,
    personId,
  );
}

const ITS_PERSON = "select id from people where id = $1 and source = 'chat'";

function* revoke(personId: string, at: number): Steps<void> {
  yield* rows(
    'update codes set used_at = $2 where used_at is null and (person_id = $1 ' +
      'or identity in (select identity from identities where person_id = $1))',
    personId,
    at,
  );
  // Somebody else may get the same id one day.
  yield* rows(
    `update api_tokens set revoked_at = $2 where revoked_at is null and person_id in (${ITS_PERSON})`,
    personId,
    at,
  );
  yield* rows(`delete from gate_proposals where person_id in (${ITS_PERSON})`, personId);
  yield* rows(`delete from identities where person_id in (${ITS_PERSON})`, personId);
  yield* rows("delete from people where id = $1 and source = 'chat'", personId);
}
