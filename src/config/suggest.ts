import { nearest } from '../core/text/nearest.ts';

/** `; did you mean "attempts"?`, or nothing when no name is near. */
export const didYouMean = (word: string, candidates: readonly string[], max = 3): string => {
  const names = nearest(word, candidates, max).map((name) => `"${name}"`);
  const last = names.pop();
  if (last === undefined) return '';
  return `; did you mean ${names.length === 0 ? last : `${names.join(', ')} or ${last}`}?`;
};

/** `"dve" is not one of dev, production; did you mean "dev"?` */
export const notOneOf = (value: string, allowed: readonly string[]): string =>
  `${quoted(value)} is not one of ${allowed.join(', ')}${didYouMean(value, allowed)}`;

/** A value as a message may repeat it: on one line and never longer than a reader needs. */
export const quoted = (value: string): string =>
  JSON.stringify(value.length > VALUE_LENGTH_MAX ? `${value.slice(0, VALUE_LENGTH_MAX)}…` : value);

const VALUE_LENGTH_MAX = 60;
