import { createHmac, KeyObject, sign as signBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { identityProvider } from '../../src/web/oidc/identity-provider.ts';
import { answerJson, loopback } from '../cli/loopback.ts';

export const AUDIENCE = 'textops';

/** When the tokens of this issuer are made; `noon` of the world. */
const MADE_S = Date.UTC(2026, 10, 21, 12, 0) / 1000;

type Parts = Readonly<Record<string, unknown>>;

/** `trouble`: 500. `nonsense`: 200 with something else. `elsewhere`: a redirect. */
type Mood = 'well' | 'trouble' | 'nonsense' | 'elsewhere';

export interface SigningKey {
  readonly kid: string;
  readonly jwk: JWK;
  readonly privateKey: KeyObject;
}

export const newKey = async (kid: string, alg: 'ES256' | 'RS256' = 'ES256'): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, jwk, privateKey: KeyObject.from(privateKey) };
};

/** An identity provider on this machine, with keys of its own: what OpenID Connect Discovery and RFC 7517 ask of one. */
export const oidcIssuer = async (document: Parts = {}) => {
  let keys: readonly SigningKey[] = [await newKey('first')];
  let mood: Mood = 'well';
  let keysPath = '/keys';
  const asked: string[] = [];
  const { url } = await loopback((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    if (mood === 'trouble') answerJson(response, {}, 500);
    else if (mood === 'nonsense') answerJson(response, { keys: 'none today', issuer: url, jwks_uri: 7 });
    else if (mood === 'elsewhere') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === keysPath) answerJson(response, { keys: keys.map(({ jwk }) => jwk) });
    else if (request.url === '/.well-known/openid-configuration')
      answerJson(response, { issuer: url, jwks_uri: `${url}${keysPath}`, ...document });
    else answerJson(response, {}, 404);
  });
  const claims = (over: Parts = {}): Parts => ({
    iss: url,
    aud: AUDIENCE,
    sub: 'u-ana',
    iat: MADE_S,
    exp: MADE_S + 300,
    ...over,
  });
  const current = (): SigningKey => {
    const [key] = keys;
    if (key === undefined) throw new Error('the issuer has no key');
    return key;
  };
  return {
    url,
    /** The paths that somebody asked for. */
    asked,
    claims,
    key: current,
    useKeys: (...next: readonly SigningKey[]): void => {
      keys = next;
    },
    moveKeys: (path: string): void => {
      keysPath = path;
    },
    answerWith: (next: Mood): void => {
      mood = next;
    },
    provider: (clock?: () => number) =>
      identityProvider({ issuer: url, audience: AUDIENCE, ...(clock === undefined ? {} : { clock }) }),
    /** A good token, but for what is named. */
    sign: (over: Parts = {}, header: Parts = {}): Promise<string> => {
      const { kid, privateKey, jwk } = current();
      return new SignJWT(claims(over))
        .setProtectedHeader({ alg: jwk.alg ?? '', kid, ...header })
        .sign(privateKey);
    },
  };
};

export type Issuer = Awaited<ReturnType<typeof oidcIssuer>>;

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** What no library makes: any header over any payload, signed however one likes. */
export const forge = (header: Parts, payload: unknown, signed: (input: string) => string): string => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signed(input)}`;
};

export const signedBy =
  ({ privateKey }: SigningKey) =>
  (input: string): string =>
    signBytes('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );

export const sealedWith =
  (secret: string) =>
  (input: string): string =>
    createHmac('sha256', secret).update(input).digest('base64url');
