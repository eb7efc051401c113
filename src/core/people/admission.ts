import { nearest } from '../text/grammar/nearest.ts';
import type { Instant } from '../time/instant.ts';
import {
  CODES_MAX,
  type CodeFigures,
  type CodePurpose,
  isGood,
  type OneTimeCode,
  WAITING_MAX,
} from './code.ts';
import { cleanName, freeId, type Member, membersCalled, sameName } from './member.ts';
import type { Person } from './person.ts';
import type { PeopleRefusal } from './refusal.ts';

// The rules of coming and going. Each answers what comes of a wish, or why nothing does.

export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: PeopleRefusal };

const yes = <T>(value: T): Judged<T> => ({ ok: true, value });
const no = (refusal: PeopleRefusal): Judged<never> => ({ ok: false, refusal });

/** As many as the file allows. */
export const IDENTITIES_MAX = 20;

/** Whether one more code may be made: a stranger's waits for an owner, a known person's for a second account. */
export const judgeIssue = (purpose: CodePurpose, figures: CodeFigures): PeopleRefusal | undefined => {
  if (figures.own >= CODES_MAX) return { why: 'codes_spent' };
  return purpose === 'admit' && figures.waiting >= WAITING_MAX ? { why: 'too_many_waiting' } : undefined;
};

export interface ClaimWish {
  readonly identity: string;
  /** As the account calls itself. */
  readonly name: string;
  readonly code: OneTimeCode | undefined;
  readonly members: readonly Member[];
  readonly at: Instant;
}

/** The owner of an installation that has none yet, made of whoever opens the link of its first start. */
export const judgeClaim = ({ identity, name, code, members, at }: ClaimWish): Judged<Person> => {
  if (!isGood(code, 'claim_owner', at)) return no({ why: 'code_void' });
  const known = holderOf(members, identity);
  if (known !== undefined) return no({ why: 'already_known', identity, name: known.person.name });
  const id = freeId(members, identity);
  return yes({ id, name: cleanName(name) ?? identity, roles: ['owner'], identities: [identity] });
};

export interface LinkWish {
  /** The account that typed the code. */
  readonly identity: string;
  readonly code: OneTimeCode | undefined;
  readonly members: readonly Member[];
  readonly at: Instant;
}

/** Whose account it becomes. A code is the same as unknown when whoever made it is gone, or no longer has that account. */
export const judgeLink = ({ identity, code, members, at }: LinkWish): Judged<Person> => {
  const known = holderOf(members, identity);
  if (known !== undefined) return no({ why: 'already_known', identity, name: known.person.name });
  const owner = members.find(({ person }) => person.id === code?.personId)?.person;
  const { identity: maker = '' } = code ?? {};
  if (!isGood(code, 'link', at) || owner?.identities.includes(maker) !== true)
    return no({ why: 'code_void' });
  if (owner.identities.length >= IDENTITIES_MAX)
    return no({ why: 'too_many_identities', max: IDENTITIES_MAX });
  return yes(owner);
};

export interface PhoneWish {
  readonly phone: string;
  /** Whose it is to become. */
  readonly person: Person;
  readonly members: readonly Member[];
  /** What they asked for of late, when they ask for a code. */
  readonly figures?: CodeFigures;
  /** Whoever has that number said that they want no messages. */
  readonly unwanted?: boolean;
}

/** Why a number cannot become theirs, if it cannot. */
export const judgePhone = (wish: PhoneWish): PeopleRefusal | undefined => {
  const { phone, person, members, figures, unwanted = false } = wish;
  if ((figures?.own ?? 0) >= CODES_MAX) return { why: 'codes_spent' };
  const known = holderOf(members, phone);
  if (known !== undefined) return { why: 'already_known', identity: phone, name: known.person.name };
  if (person.identities.length >= IDENTITIES_MAX) return { why: 'too_many_identities', max: IDENTITIES_MAX };
  return unwanted ? { why: 'texts_unwanted', identity: phone } : undefined;
};

export interface AdmitWish {
  readonly code: OneTimeCode | undefined;
  /** One, or several with commas between. */
  readonly roles: readonly string[];
  readonly rolesInUse: readonly string[];
  /** Instead of the name that the stranger goes by. */
  readonly name?: string;
  readonly members: readonly Member[];
  readonly at: Instant;
}

/** Whom an owner makes a person of, and what that person may do. */
export const judgeAdmit = (wish: AdmitWish): Judged<Person> => {
  const { code, roles, rolesInUse, members, at } = wish;
  if (roles.length === 0) return no({ why: 'role_missing' });
  const role = roles.find((one) => !rolesInUse.includes(one));
  if (role !== undefined) {
    const near = nearest(role, rolesInUse)[0];
    return no({ why: 'unknown_role', role, ...(near === undefined ? {} : { near }) });
  }
  const identity = code?.purpose === 'admit' ? code.identity : undefined;
  const known = identity === undefined ? undefined : holderOf(members, identity);
  if (identity !== undefined && known !== undefined)
    return no({ why: 'already_known', identity, name: known.person.name });
  if (identity === undefined || !isGood(code, 'admit', at)) return no({ why: 'code_void' });
  const name = cleanName(wish.name ?? '') ?? cleanName(code?.name ?? '') ?? identity;
  const taken = members.some(({ person }) => sameName(person.id, name) || sameName(person.name, name));
  if (taken) return no({ why: 'name_taken', name });
  return yes({ id: freeId(members, identity), name, roles: [...new Set(roles)], identities: [identity] });
};

export interface UnlinkWish {
  readonly identity: string;
  /** Who wishes it. */
  readonly person: Person;
  readonly members: readonly Member[];
}

/** Whose account it was. One's own, or for an owner anybody's; what the file gives, the file takes. */
export const judgeUnlink = ({ identity, person, members }: UnlinkWish): Judged<Person> => {
  const holder = holderOf(members, identity);
  const mine = holder?.person.id === person.id || person.roles.includes('owner');
  // Whether it is somebody else's account is not told.
  if (holder === undefined || !mine) return no({ why: 'unknown_identity', identity });
  if (!holder.inChat.includes(identity)) return no({ why: 'identity_of_file', identity });
  if (holder.person.identities.length === 1) return no({ why: 'last_identity', identity });
  return yes(holder.person);
};

/** Who loses every account and role. The last owner stays, or nobody could ever admit anybody again. */
export const judgeRevoke = (word: string, members: readonly Member[]): Judged<Person> => {
  const called = membersCalled(members, word);
  const [member, other] = called;
  if (member === undefined) {
    const near = nearest(
      word,
      members.map(({ person }) => person.name),
    )[0];
    return no({ why: 'unknown_person', word, ...(near === undefined ? {} : { near }) });
  }
  if (other !== undefined)
    return no({ why: 'ambiguous_person', word, ids: called.map(({ person }) => person.id) });
  const { person, source } = member;
  if (source === 'file') return no({ why: 'person_of_file', name: person.name });
  const owners = members.filter((one) => one.person.roles.includes('owner'));
  return owners.length === 1 && owners[0] === member
    ? no({ why: 'last_owner', name: person.name })
    : yes(person);
};

const holderOf = (members: readonly Member[], identity: string): Member | undefined =>
  members.find(({ person }) => person.identities.includes(identity));
