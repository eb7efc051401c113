import { nearest } from '../core/text/grammar/nearest.ts';

/** `; did you mean "attempts"?`, or nothing when no name is near. */
export const didYouMean = (word: string, candidates: readonly string[], max = 3): string => {
  const names = nearest(word, candidates, max).map((name) => `"${name}"`);
  const last = names.pop();
  if (last === undefined) return '';
  return `; did you mean ${names.length === 0 ? last : `${names.join(', ')} or ${last}`}?`;
};

export interface Suggestion {
  readonly word: string;
  /** As it is to be written. */
  readonly text: string;
  /** Whether it stands for all of the wrong value and not for a word in it. */
  readonly whole: boolean;
}

/** What a message of ours offers instead; of several names the nearest. */
export const suggestionIn = (message: string): Suggestion | undefined => {
  const near = /; did you mean "([^"]+)"/.exec(message)?.[1];
  if (near !== undefined) return { word: near, text: near, whole: false };
  const inQuotes = /; write it in quotes: "([^"]+)"$/.exec(message)?.[1];
  if (inQuotes !== undefined) return { word: inQuotes, text: `"${inQuotes}"`, whole: true };
  const role = /; the role is written "([^"]+)"$/.exec(message)?.[1];
  return role === undefined ? undefined : { word: role, text: role, whole: false };
};

/** `"dve" is not one of dev, production; did you mean "dev"?` */
export const notOneOf = (value: string, allowed: readonly string[]): string =>
  `${quoted(value)} is not one of ${allowed.join(', ')}${didYouMean(value, allowed)}`;

/** A value as a message may repeat it: on one line and never longer than a reader needs. */
export const quoted = (value: string): string =>
  JSON.stringify(value.length > VALUE_LENGTH_MAX ? `${value.slice(0, VALUE_LENGTH_MAX)}…` : value);

const VALUE_LENGTH_MAX = 60;
