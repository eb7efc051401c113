import type { Member } from '../../core/people/member.ts';
import type { Person } from '../../core/people/person.ts';
import type { IPeople } from '../../core/ports/people.ts';
import { fromJson, given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { sharedRead } from '../shared-read.ts';
import { type Param, rows, type Steps } from '../steps.ts';
import { addCode, codeFigures, findCode } from './codes.ts';
import { replaceFilePeople } from './file-people.ts';

/** Never cached: a right that was taken away must be gone with the next message. */
export const peopleOf = (engine: Engine): IPeople => ({
  find: findOn(engine),
  list: () => engine.read(() => people('')),
  holding: (p) => engine.read(() => holding(p)),
  members: () => engine.read(() => members('')),
  replaceFilePeople: (list, at, records) => engine.write(() => replaceFilePeople(list, at, records)),
  code: (codeHash) => engine.read(() => findCode(codeHash)),
  codeFigures: (p) => engine.read(() => codeFigures(p)),
  addCode: (p) => engine.write(() => addCode(p)),
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

/** Thousands of people have a handful of sets of roles between them, so only those are parsed. */
function* holding({ ids, roles, limit }: Parameters<IPeople['holding']>[0]): Steps<readonly Person[]> {
  const sets = yield* rows<{ roles: string }>('select distinct cast(roles as text) as roles from people');
  const meant = sets.filter((set) =>
    (fromJson(set.roles) as readonly string[]).some((role) => roles.includes(role)),
  );
  const tail =
    'where p.id in (select id from people where id = any($1) or cast(roles as text) = any($2) order by id limit $3)';
  return yield* people(
    tail,
    ids,
    meant.map((set) => set.roles),
    limit,
  );
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly timezone: string | null;
  readonly source: 'file' | 'chat';
  readonly added_at: number;
  readonly identity: string | null;
  readonly given_by: 'file' | 'chat' | null;
}

function* people(tail: string, ...params: readonly Param[]): Steps<readonly Person[]> {
  return (yield* members(tail, ...params)).map(({ person }) => person);
}

function* members(tail: string, ...params: readonly Param[]): Steps<readonly Member[]> {
  const found = yield* rows<Row>(
    'select p.id, p.name, p.roles, p.timezone, p.source, p.added_at, i.identity, i.source as given_by ' +
      `from people p left join identities i on i.person_id = p.id ${tail} order by p.id, i.source desc, i.position, i.identity`,
    ...params,
  );
  return [...Map.groupBy(found, ({ id }) => id).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [memberOf(first, group)];
  });
}

const memberOf = ({ id, name, roles, timezone, source, added_at }: Row, group: readonly Row[]): Member => ({
  person: {
    id,
    name,
    roles: fromJson(roles) as readonly string[],
    identities: group.flatMap(({ identity }) => identity ?? []),
    ...given('timezone', timezone),
  },
  source,
  since: added_at,
  inChat: group.flatMap(({ identity, given_by }) => (given_by === 'chat' ? (identity ?? []) : [])),
});
