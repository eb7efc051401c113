import { nearest } from '../text/grammar/nearest.ts';
import type { Instant } from '../time/instant.ts';
import { holdsRole } from './may.ts';
import type { Person } from './person.ts';

/** A token for the HTTP interface, as far as it is known without the token itself. */
export interface IssuedToken {
  readonly name: string;
  readonly tokenHash: string;
  readonly roles: readonly string[];
  /** Whose it is; absent for a service, which is nobody. */
  readonly personId?: string;
  readonly createdAt: Instant;
  /** The actor, as the history names it. */
  readonly createdBy: string;
  readonly expiresAt?: Instant;
  /** To `USE_NOTED_MS`. */
  readonly lastUsedAt?: Instant;
  readonly revokedAt?: Instant;
}

/** How exactly it is kept when a token was used last: one write an hour for each. */
export const USE_NOTED_MS = 60 * 60_000;

/** Tells it from every other secret, for redactors and for scanners of repositories. */
export const TOKEN_PREFIX = 'txo_';

export type TokenRefusal =
  | { readonly why: 'owner_needed' }
  | { readonly why: 'bad_token_name'; readonly name: string }
  | { readonly why: 'token_name_taken'; readonly name: string }
  /** Whoever is called like a person must be that person. */
  | { readonly why: 'token_name_of_person'; readonly name: string }
  | { readonly why: 'unknown_role'; readonly role: string; readonly near?: string }
  | { readonly why: 'unknown_person'; readonly word: string; readonly near?: string }
  /** A token never has more rights than the person whose it is. */
  | { readonly why: 'role_not_held'; readonly role: string; readonly name: string }
  | { readonly why: 'bad_expiry' }
  | { readonly why: 'unknown_token'; readonly name: string; readonly near?: string }
  | { readonly why: 'token_revoked'; readonly name: string };

export interface TokenWish {
  readonly name: string;
  readonly roles: readonly string[];
  readonly personId?: string;
  readonly expiresInMs?: number;
  readonly rolesInUse: readonly string[];
  readonly people: readonly Person[];
  /** Names of every token there ever was: one name is one token, or the history would not say which. */
  readonly taken: readonly string[];
}

/** Why such a token is not made. */
export const refusalOfToken = (wish: TokenWish): TokenRefusal | undefined => {
  const { name, roles, personId, expiresInMs, rolesInUse, people, taken } = wish;
  if (!NAME.test(name)) return { why: 'bad_token_name', name };
  if (taken.includes(name)) return { why: 'token_name_taken', name };
  if (people.some(({ id }) => id === name && id !== personId)) return { why: 'token_name_of_person', name };
  const strange = roles.find((role) => !rolesInUse.includes(role));
  if (strange !== undefined) return { why: 'unknown_role', role: strange, ...near(strange, rolesInUse) };
  if (expiresInMs !== undefined && (expiresInMs <= 0 || expiresInMs > LIFE_MS_MAX))
    return { why: 'bad_expiry' };
  if (personId === undefined) return undefined;
  const person = people.find(({ id }) => id === personId);
  const ids = people.map(({ id }) => id);
  if (person === undefined) return { why: 'unknown_person', word: personId, ...near(personId, ids) };
  const lacking = roles.find((role) => !mayLend(person, role));
  return lacking === undefined ? undefined : { why: 'role_not_held', role: lacking, name: person.name };
};

/** Why such a token is not taken back. */
export const refusalOfRevoke = (name: string, tokens: readonly IssuedToken[]): TokenRefusal | undefined => {
  const token = tokens.find((one) => one.name === name);
  const names = tokens.map((one) => one.name);
  if (token === undefined) return { why: 'unknown_token', name, ...near(name, names) };
  return token.revokedAt === undefined ? undefined : { why: 'token_revoked', name };
};

const NAME = /^[a-z0-9][\w.-]{0,62}$/i;

const LIFE_MS_MAX = 3660 * 24 * 60 * 60_000;

const near = (word: string, known: readonly string[]): { readonly near?: string } => {
  const [guess] = nearest(word, known);
  return guess === undefined ? {} : { near: guess };
};

/** What of a person's rights a token of theirs may have: their own, or less. */
const mayLend = (person: Person, role: string): boolean =>
  person.roles.includes('owner') ||
  holdsRole(person, role) ||
  (role === 'requester' && holdsRole(person, 'operator'));

export type TokenFault = 'revoked' | 'expired' | 'person_gone';

/** Why a token counts no more, at this moment. */
export const faultOfToken = (
  token: IssuedToken,
  person: Person | undefined,
  at: Instant,
): TokenFault | undefined => {
  if (token.revokedAt !== undefined) return 'revoked';
  if (token.expiresAt !== undefined && at >= token.expiresAt) return 'expired';
  return token.personId !== undefined && person === undefined ? 'person_gone' : undefined;
};

/** What it still may: a right that its person lost is gone from the token as well. */
export const rolesOfToken = ({ roles }: IssuedToken, person: Person | undefined): readonly string[] =>
  person === undefined ? roles : roles.filter((role) => mayLend(person, role));
