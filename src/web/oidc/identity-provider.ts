import type { JWTHeaderParameters, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { IdentityProvider, Verified } from '../web-deps.ts';
import { ANSWER_MS, discoverKeys, sparing } from './discover.ts';

interface Options {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds that never run backwards. */
  readonly clock?: () => number;
}

/** Nothing that a secret shared with anybody could sign, and never "none". */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** How far the clocks of provider and database may be apart. */
const TOLERANCE_S = 30;

/** OpenID Connect: issuer, audience and algorithms are pinned, keys come from the issuer's own document only. */
export const identityProvider = ({ issuer, audience, clock }: Options): IdentityProvider => {
  const key = keysOf(issuer, clock ?? (() => performance.now()));
  return {
    issuer,
    verify: async (token, at) => {
      if (!isCanonical(token)) return refused('jwt_malformed');
      // Only an installation that meets a token pays for the package.
      const { jwtVerify } = await import('jose');
      try {
        const { payload, protectedHeader } = await jwtVerify(token, key, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: TOLERANCE_S,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(at),
        });
        return judged(payload, protectedHeader, at);
      } catch (error) {
        const reason = reasonOf(error);
        return reason === undefined ? { kind: 'unavailable', error } : { kind: 'refused', reason };
      }
    },
  };
};

/** One token is one text: padding, or other bits behind the last byte, would be a second text for the same token. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

interface KeySet {
  readonly url: string;
  readonly find: JWTVerifyGetKey;
}

/** How rarely the document is read again once it was read: whoever forges can always ask for a key that is nowhere. */
const LOOK_AGAIN_MS = 10 * 60_000;

/**
 * The key of a header, from a set that is kept and read again when a key is missing, at most twice a minute. Where the key
 * cannot be found there, the provider may publish its keys elsewhere by now.
 */
const keysOf = (issuer: string, clock: () => number): JWTVerifyGetKey => {
  // Apart from each other: keys that cannot be had are no reason not to ask where they are.
  const [askDocument, askKeys] = [sparing(clock), sparing(clock)];
  const open = async (known?: KeySet): Promise<KeySet> => {
    const { createRemoteJWKSet, customFetch } = await import('jose');
    const url = await discoverKeys(issuer, askDocument);
    // What is known of the same place stays known.
    if (known?.url === url.href) return known;
    const find = createRemoteJWKSet(url, { timeoutDuration: ANSWER_MS, [customFetch]: askKeys });
    return { url: url.href, find };
  };
  let kept: Promise<KeySet> | undefined;
  let lookedAt = 0;
  const first = (): Promise<KeySet> => {
    lookedAt = clock();
    const opened = open();
    kept = opened;
    // A document that could not be read is asked for again.
    opened.catch(() => {
      if (kept === opened) kept = undefined;
    });
    return opened;
  };
  return async (header, token) => {
    const set = await (kept ?? first());
    try {
      return await set.find(header, token);
    } catch (error) {
      if (clock() < lookedAt + LOOK_AGAIN_MS) throw error;
      lookedAt = clock();
      const moved = await open(set).catch(() => set);
      if (moved === set) throw error;
      kept = Promise.resolve(moved);
      return moved.find(header, token);
    }
  };
};

/** What no library looks at: the kind of token, when it was made, and that its subject is a name. */
const judged = ({ sub, iat }: JWTPayload, { typ }: JWTHeaderParameters, at: number): Verified => {
  // The library has not looked whether it is text.
  const kind: unknown = typ ?? 'JWT';
  if (typeof kind !== 'string' || !TYPES.includes(kind.toLowerCase())) return refused('jwt_typ');
  if (iat !== undefined && iat > at / 1000 + TOLERANCE_S) return refused('jwt_iat');
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sub)) return refused('jwt_sub');
  return { kind: 'subject', subject: sub };
};

/** An access token of RFC 9068, or one that says no more than that it is one. Not a logout token, not a proof of a key. */
const TYPES = ['jwt', 'application/jwt', 'at+jwt', 'application/at+jwt'];

const refused = (reason: string): Verified => ({ kind: 'refused', reason });

/** Undefined when it is not the token that is to blame. */
const reasonOf = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return `jwt_${String(Reflect.get(Object(error), 'claim'))}`;
  return typeof code === 'string' ? REASONS[code] : undefined;
};

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'jwt_exp',
  ERR_JWT_INVALID: 'jwt_malformed',
  ERR_JWS_INVALID: 'jwt_malformed',
  ERR_JOSE_NOT_SUPPORTED: 'jwt_malformed',
  ERR_JOSE_ALG_NOT_ALLOWED: 'jwt_alg',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'jwt_signature',
  ERR_JWKS_NO_MATCHING_KEY: 'jwt_kid',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'jwt_kid',
};
