import { type PeopleAct, refusalOfAct } from '../../people/acts.ts';
import { judgeAdmit, judgeRevoke, judgeUnlink } from '../../people/admission.ts';
import type { Person } from '../../people/person.ts';
import { rolesInUse } from '../../people/roles.ts';
import type { Inbound } from '../../ports/channel.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import {
  admittedWords,
  peopleLines,
  revokedWords,
  unlinkedWords,
  unlinkNews,
  welcomeWords,
} from '../../text/people/people-words.ts';
import { type Handled, type Heard, type Rooms, rightsOf } from '../messages/heard.ts';
import { type Amendment, amendAndSay } from '../runs/amend.ts';
import { codeTyped } from './link-identity.ts';
import { newsFor, refusedPeople, tell } from './people-news.ts';

type Wish = Extract<Intent, { type: 'Unlink' | 'Admit' | 'Revoke' | 'People' }>;
type Spoken = Heard<Extract<Inbound, { kind: 'text' }>>;

const ACT: Readonly<Record<Wish['type'], PeopleAct>> = {
  Unlink: 'unlink',
  Admit: 'admit',
  Revoke: 'revoke',
  People: 'people',
};

/** Admitting, revoking, unlinking, and the list of everybody: judged by the rights of this very moment. */
export const changePeople = (rooms: Rooms, heard: Spoken, wish: Wish): Promise<Handled> =>
  amendAndSay(rooms, heard, wish.type, async () => {
    const { from, chat } = heard.inbound;
    // Looked up anew at every try: whoever comes in between may have taken the right away.
    const person = await rooms.directory.whoIs(from.identity);
    const refusal = refusalOfAct(ACT[wish.type], person, chat);
    // Whoever was revoked this very moment may as little as anybody unknown.
    if (refusal !== undefined || person === undefined)
      return refusedPeople(refusal ?? { why: 'owner_needed' });
    const by: Signed = { person, actor: `user:${from.identity}`, key: keyOf(heard.inbound) };
    return changeOf(rooms, by, wish);
  });

interface Signed {
  readonly person: Person;
  readonly actor: string;
  /** Different for every message. */
  readonly key: string;
}

const changeOf = (rooms: Rooms, by: Signed, wish: Wish): Promise<Amendment> => {
  switch (wish.type) {
    case 'Admit':
      return admit(rooms, by, wish);
    case 'Revoke':
      return revoke(rooms, by, wish.person);
    case 'Unlink':
      return unlink(rooms, by, wish.identity);
    case 'People':
      return list(rooms);
  }
};

const list = async ({ store }: Rooms): Promise<Amendment> => ({
  said: { lines: peopleLines(await store.people.members()) },
});

const admit = async (
  { store }: Rooms,
  by: Signed,
  { code: typed, roles, name }: Extract<Wish, { type: 'Admit' }>,
): Promise<Amendment> => {
  const code = await codeTyped(store, typed);
  const jobs = await store.catalog.list();
  const verdict = judgeAdmit({
    code,
    roles,
    rolesInUse: rolesInUse(jobs.map(rightsOf)),
    ...(name === undefined ? {} : { name }),
    members: await store.people.members(),
    at: await store.now(),
  });
  if (!verdict.ok) return refusedPeople(verdict.refusal);
  const person = verdict.value;
  const { codeHash = '', address } = code ?? {};
  return {
    said: { lines: [[admittedWords(person)]] },
    records: [
      {
        type: 'PersonAdmitted',
        actor: by.actor,
        payload: {
          personId: person.id,
          name: person.name,
          roles: person.roles,
          identities: person.identities,
        },
      },
    ],
    upkeep: [
      { kind: 'code_closed', codeHash },
      { kind: 'person_admitted', person },
    ],
    outbox:
      address === undefined
        ? []
        : [tell(address, `admitted:${by.key}`, welcomeWords(person, by.person.name))],
  };
};

const revoke = async ({ store }: Rooms, by: Signed, word: string): Promise<Amendment> => {
  const verdict = judgeRevoke(word, await store.people.members());
  if (!verdict.ok) return refusedPeople(verdict.refusal);
  const { id, name, roles, identities } = verdict.value;
  return {
    said: { lines: [[revokedWords(verdict.value)]] },
    records: [{ type: 'PersonRevoked', actor: by.actor, payload: { personId: id, name, roles, identities } }],
    upkeep: [{ kind: 'person_revoked', personId: id }],
  };
};

const unlink = async ({ store, house }: Rooms, by: Signed, identity: string): Promise<Amendment> => {
  const members = await store.people.members();
  const verdict = judgeUnlink({ identity, person: by.person, members });
  if (!verdict.ok) return refusedPeople(verdict.refusal);
  const holder = verdict.value;
  return {
    said: { lines: [[unlinkedWords(identity, holder)]] },
    records: [{ type: 'IdentityUnlinked', actor: by.actor, payload: { personId: holder.id, identity } }],
    upkeep: [{ kind: 'identity_unlinked', identity }],
    outbox: newsFor(house, {
      key: `identity-unlinked:${by.key}`,
      identities: holder.identities.filter((one) => one !== identity && `user:${one}` !== by.actor),
      words: unlinkNews(identity),
    }),
  };
};

const keyOf = ({ channel, account, eventKey }: Spoken['inbound']): string =>
  `${channel}:${account}:${eventKey}`;
