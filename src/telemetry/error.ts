import type { Redact } from './redact.ts';

/** What a log keeps of an error. */
export interface ErrorWords {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
}

/**
 * An error in words that we chose. Errors of libraries carry requests, addresses with tokens and parameters of queries, so
 * nothing of the object itself is kept: its name, the first line of its message, its code, and the same of its causes.
 */
export const errorWords = (error: unknown, redact: Redact): ErrorWords => {
  const chain = causesOf(error);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  const message = chain
    .map(messageOf)
    .filter((words) => words !== '')
    .join(': ');
  return {
    type: typeOf(error),
    message: short(withoutPaths(redact(message))),
    ...(code === undefined ? {} : { code }),
  };
};

const CAUSES_MAX = 4;
const MESSAGE_MAX = 400;

const causesOf = (error: unknown): readonly unknown[] => {
  const chain: unknown[] = [];
  let next: unknown = error;
  while (next !== undefined && next !== null && chain.length < CAUSES_MAX) {
    chain.push(next);
    // A connection that failed on each of its addresses says why only inside.
    const inner: unknown = next instanceof AggregateError ? next.errors[0] : undefined;
    next = inner ?? (next instanceof Error ? next.cause : undefined);
  }
  return chain;
};

/** Queries and their parameters, stacks and answers of providers begin on the second line. */
const messageOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : error;
  return typeof text === 'string' ? (text.split('\n')[0]?.trim() ?? '') : `a thrown ${typeof text}`;
};

const typeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  return /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
};

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : undefined;
};

/** Of an address only the host: paths and queries are where providers put their tokens. */
const withoutPaths = (text: string): string =>
  text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/[^\s/?#'"`]+)[/?#][^\s'"`]*/gi, '$1/…');

const short = (text: string): string =>
  text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX).toWellFormed()}…` : text;
