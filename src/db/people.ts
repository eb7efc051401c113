import type { Person } from '../core/people/person.ts';
import type { IPeople } from '../core/ports/store.ts';
import { fromJson, given, toJson } from './codec.ts';
import type { Engine } from './engine.ts';
import { insertEvents } from './events.ts';
import { sharedRead } from './shared-read.ts';
import { first, type Param, rows, type Steps } from './steps.ts';

/** Never cached: a right that was taken away must be gone with the next message. */
export const peopleOf = (engine: Engine): IPeople => ({
  find: findOn(engine),
  list: () => engine.read(() => people('')),
  replaceFilePeople: (list, at) => engine.write(() => replaceFilePeople(list, at)),
  claimOwner: (p) => engine.write(() => claimOwner(p)),
  addCode: ({ codeHash, purpose, until, at }) =>
    engine.write(function* () {
      yield* rows(
        'insert into codes (code_hash, purpose, until, added_at) values ($1, $2, $3, $4) ' +
          'on conflict (code_hash) do nothing',
        codeHash,
        purpose,
        until,
        at,
      );
    }),
});

const findOn = (engine: Engine): IPeople['find'] => {
  const look = sharedRead((identities: readonly string[]) => engine.read(() => byIdentity(identities)));
  return async (identity) => (await look([identity]))[0];
};

function* byIdentity(wanted: readonly string[]): Steps<ReadonlyMap<string, Person>> {
  const tail = 'where p.id in (select person_id from identities where identity = any($1))';
  const found = yield* people(tail, wanted);
  return new Map(found.flatMap((person) => person.identities.map((identity) => [identity, person] as const)));
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly timezone: string | null;
  readonly identity: string | null;
}

function* people(tail: string, ...params: readonly Param[]): Steps<readonly Person[]> {
  const found = yield* rows<Row>(
    'select p.id, p.name, p.roles, p.timezone, i.identity from people p ' +
      `left join identities i on i.person_id = p.id ${tail} order by p.id, i.position, i.identity`,
    ...params,
  );
  return [...Map.groupBy(found, ({ id }) => id).values()].flatMap((group) => {
    const [person] = group;
    if (person === undefined) return [];
    return [
      {
        id: person.id,
        name: person.name,
        roles: fromJson(person.roles) as readonly string[],
        identities: group.flatMap(({ identity }) => (identity === null ? [] : [identity])),
        ...given('timezone', person.timezone),
      },
    ];
  });
}

function* replaceFilePeople(list: readonly Person[], at: number): Steps<void> {
  yield* rows("delete from identities where person_id in (select id from people where source = 'file')");
  // Somebody of the same id who came by chat is the same person; the file decides what may be done.
  yield* rows(
    "delete from people where source = 'file' and id <> all($1)",
    list.map(({ id }) => id),
  );
  for (const person of list) yield* save(person, 'file', at);
}

function* save(person: Person, source: 'file' | 'chat', at: number): Steps<void> {
  const { id, name, roles, identities, timezone } = person;
  yield* rows(
    'insert into people (id, name, roles, timezone, source, added_at) values ($1, $2, $3, $4, $5, $6) ' +
      'on conflict (id) do update set name = excluded.name, roles = excluded.roles, ' +
      'timezone = excluded.timezone, source = excluded.source',
    id,
    name,
    toJson(roles),
    timezone ?? null,
    source,
    at,
  );
  for (const [position, identity] of identities.entries()) {
    yield* rows(
      'insert into identities (identity, person_id, position) values ($1, $2, $3) ' +
        'on conflict (identity) do update set person_id = excluded.person_id, position = excluded.position',
      identity,
      id,
      position,
    );
  }
}

type Claim = Parameters<IPeople['claimOwner']>[0];

/** Everything is looked at before anything is written, so a claim that fails uses nothing up. */
function* claimOwner(p: Claim): Steps<'claimed' | 'taken' | 'stale_version'> {
  const head = yield* first<{ seq: number }>("select seq from system_chain where name = 'system' for update");
  const code = yield* first<{ code_hash: string }>(
    'select code_hash from codes where code_hash = $1 and used_at is null and until > $2 for update',
    p.codeHash,
    p.at,
  );
  if (code === undefined) return 'taken';
  if ((head?.seq ?? 0) !== p.expectedSeq) return 'stale_version';
  yield* rows('update codes set used_at = $2 where code_hash = $1', p.codeHash, p.at);
  yield* save(p.person, 'chat', p.at);
  yield* insertEvents([p.record]);
  return 'claimed';
}
