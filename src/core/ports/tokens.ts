import type { IssuedToken } from '../people/token.ts';
import type { Instant } from '../time/instant.ts';

export interface ITokens {
  /** Every one there ever was, by name. */
  list(): Promise<readonly IssuedToken[]>;
  /** Never cached: a token that was revoked must be refused at the next request. */
  find(tokenHash: string): Promise<IssuedToken | undefined>;
  /** Notes that it was used, unless that was noted within the hour. */
  touch(name: string, at: Instant): Promise<void>;
}

/** A change of tokens, written with its record. */
export type TokenChange =
  | {
      readonly kind: 'token_created';
      readonly token: Omit<IssuedToken, 'lastUsedAt' | 'revokedAt'>;
    }
  | { readonly kind: 'token_revoked'; readonly name: string };
