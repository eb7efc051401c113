/** What a provider told about itself, or why it did not and the one thing to do about that. Never a token. */
export type Inquiry<T> = { readonly ok: true; readonly value: T } | Trouble;

export interface Trouble {
  readonly ok: false;
  readonly trouble: 'unreachable' | 'refused';
  readonly words: string;
  readonly cure: string;
}

export const known = <T>(value: T): Inquiry<T> => ({ ok: true, value });

export const unreachable = (words: string, cure: string): Trouble => ({
  ok: false,
  trouble: 'unreachable',
  words,
  cure,
});

export const refused = (words: string, cure: string): Trouble => ({
  ok: false,
  trouble: 'refused',
  words,
  cure,
});

export const ANSWER_MS = 5_000;

/** Errors of fetch may repeat the address or a header, and with it the token. */
export const silence = (host: string, error: unknown): string => {
  const slow = error instanceof DOMException && error.name === 'TimeoutError';
  return `${host} ${slow ? `does not answer within ${ANSWER_MS / 1000} s` : 'cannot be reached'}`;
};

export const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).host : 'an unreadable address';
