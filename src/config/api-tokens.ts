import { BUILT_IN_ROLES } from '../core/people/roles.ts';
import type { ApiToken } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** `NAME:ROLE:TOKEN,NAME:ROLE:TOKEN`. The token may contain colons, never commas or spaces. */
export const parseApiTokens = (text: string): ApiToken[] =>
  entriesOf(text).map((entry) => {
    const [name = '', role = '', ...token] = entry.split(':');
    return { name, role, token: token.join(':') };
  });

/** What is wrong with the list, in words that never repeat a token. */
export const apiTokensProblem = (text: string): string | undefined => {
  const entries = entriesOf(text);
  const bad = entries.findIndex((entry) => !ENTRY.test(entry));
  if (bad !== -1) return `entry ${bad + 1} of ${entries.length} is not NAME:ROLE:TOKEN`;
  const tokens = parseApiTokens(text);
  const twice = tokens.find(({ name }, at) => tokens.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) return `the name "${twice.name}" is used twice`;
  const values = new Set(tokens.map(({ token }) => token));
  if (values.size !== tokens.length) return 'two entries have the same token, so nobody could tell who asked';
  return tokens.map(roleProblem).find((problem) => problem !== undefined);
};

export const API_TOKEN_LENGTH_MIN = 32;

const ENTRY = /^[a-z0-9][\w.-]*:[a-z][\w-]*:\S+$/i;

const entriesOf = (text: string): string[] => text.split(',').map((entry) => entry.trim());

/** A role of one's own is allowed, a misspelt built-in one is not. */
const roleProblem = ({ name, role }: ApiToken): string | undefined => {
  if (BUILT_IN_ROLES.some((known) => known === role)) return undefined;
  const guess = didYouMean(role, BUILT_IN_ROLES);
  return guess === '' ? undefined : `"${name}" has the unknown role "${role}"${guess}`;
};
