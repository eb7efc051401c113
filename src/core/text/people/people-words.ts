import { CODES_MAX, shownCode } from '../../people/code.ts';
import type { Clash } from '../../people/file-people.ts';
import type { Member } from '../../people/member.ts';
import type { Person } from '../../people/person.ts';
import type { PeopleRefusal } from '../../people/refusal.ts';
import type { Line } from '../cards/rich.ts';
import { quoted } from '../cards/run-words.ts';

/** What a stranger gets who asks to be let in. */
export const admitCodeLines = (code: string): readonly Line[] => [
  ['Give this code to an owner: ', { code: shownCode(code) }, '. It is valid for 10 min.'],
  ['The owner types: ', { code: `/admit ${shownCode(code)} operator` }, ' (or another role).'],
  ['Until then I answer only /help and /link.'],
];

/** What somebody known gets who wants to write from somewhere else too. */
export const linkCodeLines = (code: string): readonly Line[] => [
  ['Write this to me from your other account within 10 min: ', { code: `link ${shownCode(code)}` }],
  ['Whoever writes it is you from then on, with all your rights. Give the code to nobody.'],
];

/** What somebody gets who asks for the console. */
export const signInLines = (url: string): readonly Line[] => [
  ['Open this within 5 min to use the console as you; it works once. Give it to nobody.'],
  [url],
];

export const NO_CONSOLE =
  'Nobody told me the address of my console; whoever runs me can set PUBLIC_URL. Nothing changed.';

/** What somebody gets who says which number is theirs. */
export const phoneCodeLines = (identity: string): readonly Line[] => [
  [
    `A code is on its way to ${shownIdentity(identity)}. Write it here within 10 min: `,
    { code: 'link 123456' },
  ],
];

/** What the number itself gets. */
export const phoneCodeText = (code: string): string =>
  `TextOps code ${code}, valid 10 min. Do not share it. If you did not ask, ignore this text.`;

export const admittedWords = ({ name, identities, roles }: Person): string =>
  `${name} (${identities.map(shownIdentity).join(', ')}) is now linked as ${roles.join(', ')}. Undo: /revoke ${name}`;

export const welcomeWords = ({ roles }: Person, by: string): string =>
  `${by} admitted you as ${roles.join(', ')}. Try: /jobs`;

export const linkedWords = ({ name, roles }: Person, identity: string): string =>
  `This account is ${name} from now on (${rolesOf(roles)}). Undo: /unlink ${identity}`;

/** For every other account of the person. */
export const linkNews = (identity: string): string =>
  `${shownIdentity(identity)} writes as you from now on. If that was not you: /unlink ${identity}, and tell an owner.`;

export const unlinkedWords = (identity: string, { name }: Person): string =>
  `${shownIdentity(identity)} is not ${name} any more. Nothing that it says counts.`;

export const unlinkNews = (identity: string): string =>
  `${shownIdentity(identity)} was unlinked from you. If that was not you, tell an owner.`;

export const revokedWords = ({ name, identities }: Person): string =>
  `${name} (${identities.map(shownIdentity).join(', ')}) is revoked: no account, no role, ` +
  'and no vote that has not started a run yet.';

export const OVERHEARD_CODE =
  'Your code was written where others read along, so it is void. For another one: /link';

/** `whoami`: in private every account, in a group only the one that asks. */
export const whoAmIWords = (person: Person, here: string, chat: 'private' | 'group'): string => {
  const { name, roles, timezone } = person;
  const others = person.identities.filter((identity) => identity !== here);
  const also = chat === 'private' ? others.map(shownIdentity) : countedAccounts(others.length);
  const accounts = [others.length === 0 ? here : `${here} (here)`, ...also].join(', ');
  return [name, rolesOf(roles), accounts, ...(timezone === undefined ? [] : [timezone])].join(' · ');
};

const countedAccounts = (count: number): readonly string[] =>
  count === 0 ? [] : [count === 1 ? '1 more account' : `${count} more accounts`];

const LISTED_MAX = 40;

/** `people`: who is known, as what, from where, and who said so. */
export const peopleLines = (members: readonly Member[]): readonly Line[] => {
  const more = members.length - LISTED_MAX;
  return [
    [`${members.length === 1 ? '1 person' : `${members.length} people`} · /admit CODE ROLE · /revoke PERSON`],
    ...members.slice(0, LISTED_MAX).map(memberLine),
    ...(more > 0 ? [[`and ${more} more: textops people`]] : []),
  ];
};

const memberLine = ({ person, source, since, inChat }: Member): Line => {
  const { name, roles, identities } = person;
  const mark = (identity: string): string =>
    source === 'file' && inChat.includes(identity) ? ' (linked in chat)' : '';
  const accounts = identities.map((identity) => `${shownIdentity(identity)}${mark(identity)}`).join(', ');
  const basics = `${name} · ${rolesOf(roles)} · ${accounts}`;
  return source === 'file'
    ? [`${basics} · from the file`]
    : [`${basics} · admitted `, { time: since, as: 'day' }];
};

const rolesOf = (roles: readonly string[]): string => (roles.length === 0 ? 'no role' : roles.join(', '));

/** Numbers of telephones are for their owners; the end of one is enough to know it again. */
export const shownIdentity = (identity: string): string =>
  identity.startsWith('sms:') ? `sms:••••${identity.slice(-2)}` : identity;

/** What the file took from somebody who had it by chat. */
export const clashWords = ({ identity, from, to, last }: Clash): string => {
  const what = to === undefined ? `${identity} went with ${from.name}` : `${identity} is ${to.name} now`;
  const rest = last ? `${from.name}, admitted in chat, has no account left and is revoked` : undefined;
  const was = to === undefined ? 'it was linked in chat' : `it was ${from.name}`;
  return `${what}, as the file says; ${rest ?? was}`;
};

/** Why not, in one sentence for whoever wished. */
export const explainPeople = (refusal: PeopleRefusal): string => {
  switch (refusal.why) {
    case 'private_only':
      return 'That is for a private chat with me, where nobody reads along. Nothing changed.';
    case 'owner_needed':
      return 'Only an owner does that. Nothing changed.';
    case 'codes_spent':
      return `You asked for ${CODES_MAX} codes within an hour; wait a while, or use one of them.`;
    case 'too_many_waiting':
      return 'Too many people wait to be let in at present; ask an owner to add you to the file.';
    case 'code_void':
      return 'I know no such code, or it was used or is too old. For a new one: /link';
    case 'no_texts':
      return 'I send no text messages here; whoever runs me can set that up. Nothing changed.';
    case 'texts_unwanted':
      return `${shownIdentity(refusal.identity)} wants no texts; send START from it first. Nothing changed.`;
    case 'role_missing':
      return 'Admit as what? Try: /admit CODE operator';
    case 'unknown_role':
      return `No role called ${quoted(refusal.role)}.${near(refusal.near)} Nothing changed.`;
    case 'already_known':
      return `${shownIdentity(refusal.identity)} is ${refusal.name} already. Nothing changed.`;
    case 'name_taken':
      return `There is a ${refusal.name} already. Give another name: /admit CODE ROLE NAME`;
    case 'too_many_identities':
      return `Nobody has more than ${refusal.max} accounts. Nothing changed.`;
    case 'unknown_identity':
      return `No account ${quoted(refusal.identity)} of yours. See /whoami`;
    case 'identity_of_file':
      return `${shownIdentity(refusal.identity)} stands in the file; take it out there. Nothing changed.`;
    case 'last_identity':
      return `${shownIdentity(refusal.identity)} is the last account, so it stays. Nothing changed.`;
    case 'unknown_person':
      return `Nobody is called ${quoted(refusal.word)}.${near(refusal.near)} See /people`;
    case 'ambiguous_person':
      return `${quoted(refusal.word)} may be ${refusal.ids.join(' or ')}: say which. Nothing changed.`;
    case 'person_of_file':
      return `${refusal.name} stands in the file; that is the place to take rights away. Nothing changed.`;
    case 'last_owner':
      return `${refusal.name} is the last owner and stays: nobody could admit anybody any more.`;
  }
};

const near = (name: string | undefined): string =>
  name === undefined ? '' : ` Did you mean ${quoted(name)}?`;

/** To the owners, once a day, about whoever was the first. */
export const strangerNews = (who: {
  readonly name: string;
  readonly identity: string;
  readonly address: string;
}): string =>
  `Somebody unknown wrote to me in ${who.address}: ${quoted(who.name)} (${who.identity}). ` +
  'I did not answer. They may send me /link in private; others of today are counted in /ops refusals.';
