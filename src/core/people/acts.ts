import type { Person } from './person.ts';
import type { PeopleRefusal } from './refusal.ts';

export interface ActRule {
  /** `anybody`: strangers as well. */
  readonly by: 'anybody' | 'known' | 'owner';
  /** Where others read along, codes and accounts of people have no place. */
  readonly where: 'private' | 'anywhere';
}

export type PeopleAct = 'link' | 'unlink' | 'admit' | 'revoke' | 'people' | 'whoami';

/** Who may do what about people. */
export const ACTS: Readonly<Record<PeopleAct, ActRule>> = {
  link: { by: 'anybody', where: 'private' },
  unlink: { by: 'known', where: 'anywhere' },
  admit: { by: 'owner', where: 'private' },
  revoke: { by: 'owner', where: 'anywhere' },
  people: { by: 'owner', where: 'private' },
  whoami: { by: 'known', where: 'anywhere' },
};

/** Why not, as far as the act itself decides; strangers never come as far as an act that is not for anybody. */
export const refusalOfAct = (
  act: PeopleAct,
  person: Pick<Person, 'roles'> | undefined,
  chat: 'private' | 'group',
): PeopleRefusal | undefined => {
  const { by, where } = ACTS[act];
  if (by === 'owner' && person?.roles.includes('owner') !== true) return { why: 'owner_needed' };
  return where === 'private' && chat !== 'private' ? { why: 'private_only' } : undefined;
};
