import type { Person } from '../../core/people/person.ts';
import type { IPeople } from '../../core/ports/people.ts';
import { toJson } from '../codec.ts';
import { systemSeq } from '../commit/look-up.ts';
import { insertEvents } from '../history/events.ts';
import { rows, type Steps } from '../steps.ts';

type Replacing = Parameters<IPeople['replaceFilePeople']>;

/** The records come from whoever judged; they and the change are one transaction. */
export function* replaceFilePeople(
  list: Replacing[0],
  at: Replacing[1],
  records: Replacing[2],
): Steps<'replaced' | 'stale_version'> {
  if (records !== undefined) {
    if ((yield* systemSeq()) !== records.expectedSeq) return 'stale_version';
    yield* insertEvents(records.events);
  }
  const ids = list.map(({ id }) => id);
  // Whoever left the file keeps nothing; whoever stays keeps what was linked in chat.
  yield* rows(
    "delete from identities where source = 'file' " +
      "or person_id in (select id from people where source = 'file' and id <> all($1))",
    ids,
  );
  yield* rows("delete from people where source = 'file' and id <> all($1)", ids);
  for (const person of list) yield* save(person, at);
  // Somebody who was admitted in chat, and whose every account is somebody else's by now.
  yield* rows(
    "delete from people where source = 'chat' and id not in (select person_id from identities where source = 'chat')",
  );
  return 'replaced';
}

function* save({ id, name, roles, identities, timezone }: Person, at: number): Steps<void> {
  yield* rows(
    "insert into people (id, name, roles, timezone, source, added_at) values ($1, $2, $3, $4, 'file', $5) " +
      'on conflict (id) do update set name = excluded.name, roles = excluded.roles, ' +
      'timezone = excluded.timezone, source = excluded.source',
    id,
    name,
    toJson(roles),
    timezone ?? null,
    at,
  );
  for (const [position, identity] of identities.entries()) {
    yield* rows(
      "insert into identities (identity, person_id, position, source) values ($1, $2, $3, 'file') " +
        'on conflict (identity) do update set person_id = excluded.person_id, position = excluded.position, ' +
        'source = excluded.source',
      identity,
      id,
      position,
    );
  }
}
