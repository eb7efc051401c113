import type { Person } from '../../../src/core/people/person.ts';

// Who lives in a simulated town. Bob has two accounts; Zed is known to nobody.

const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  ana: [41],
  bob: [42, 142],
  cho: [43],
  dan: [46],
  eve: [44],
  fay: [47],
  olga: [48],
  pat: [49],
  vic: [50],
  zed: [99],
};

export type Name = 'ana' | 'bob' | 'cho' | 'dan' | 'eve' | 'fay' | 'olga' | 'pat' | 'vic' | 'zed';

export const NAMES: readonly Name[] = ['ana', 'bob', 'cho', 'dan', 'eve', 'fay', 'olga', 'pat', 'vic', 'zed'];

const resident = (id: Name, ...roles: readonly string[]): Person => ({
  id,
  name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  roles,
  identities: [...accountsOf(id).map((number) => `telegram:${number}`), `dev:${id}`],
});

export const accountsOf = (who: Name): readonly number[] => NUMBERS[who] ?? [];

export const RESIDENTS: readonly Person[] = [
  resident('ana', 'operator'),
  resident('bob', 'approver'),
  resident('cho', 'approver'),
  resident('dan', 'dba', 'approver'),
  resident('eve'),
  resident('fay', 'operator', 'approver'),
  resident('olga', 'owner'),
  resident('pat', 'owner'),
  resident('vic', 'viewer'),
];

/** Where people talk: one group, which may become a larger one, and everybody alone with the bot. */
export const GROUP = 'telegram:-100';
export const LARGER_GROUP = 'telegram:-1000100';
export const privateChat = (who: Name): string => `telegram:${accountsOf(who)[0] ?? 0}`;

/** Approvers who may be relieved of it for a while, and those who always find their way. */
export const REPLACEABLE: readonly Name[] = ['bob', 'cho', 'dan', 'fay', 'ana'];
