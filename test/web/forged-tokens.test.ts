import { createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { loopback } from '../cli/loopback.ts';
import {
  AUDIENCE,
  forge,
  type Issuer,
  newKey,
  oidcIssuer,
  sealedWith,
  signedBy,
} from '../fakes/oidc-issuer.ts';
import { noon, world } from './world.ts';

const NOON_S = noon / 1000;
const UNSIGNED = (): string => '';
const ANA = { id: 'ana', name: 'Ana', roles: ['owner'], identities: ['web:u-ana'] };

/** Somebody else's, for the forger. */
const evil = await newKey('first');

type Forged = (issuer: Issuer) => string | Promise<string>;

/** A header and a payload over which the forger has, or has not, a signature of the issuer. */
const byIssuer =
  (header: object, over: object = {}): Forged =>
  (issuer) =>
    forge({ alg: 'ES256', kid: 'first', ...header }, issuer.claims({ ...over }), signedBy(issuer.key()));

const byEvil =
  (header: object): Forged =>
  (issuer) =>
    forge({ alg: 'ES256', kid: 'first', ...header }, issuer.claims(), signedBy(evil));

const publicPem = (issuer: Issuer): string =>
  createPublicKey(issuer.key().privateKey).export({ type: 'spki', format: 'pem' }).toString();

const changed = (token: string, at: number, change: (part: string) => string): string =>
  token
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.');

const asOwner = (part: string): string => {
  const claims = JSON.parse(Buffer.from(part, 'base64url').toString());
  return Buffer.from(JSON.stringify({ ...claims, sub: 'u-ana', roles: ['owner'] })).toString('base64url');
};

/** The last letter of 64 bytes carries two bits that mean nothing; a lax decoder does not see them. */
const withStrayBits = (token: string): string => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + (letters[letters.indexOf(token.at(-1) ?? '') + 1] ?? '');
};

const FORGED: Readonly<Record<string, readonly [reason: string, forged: Forged]>> = {
  'alg none': ['jwt_alg', (i) => forge({ alg: 'none' }, i.claims(), UNSIGNED)],
  'alg none with a signature': ['jwt_alg', (i) => forge({ alg: 'none' }, i.claims(), signedBy(i.key()))],
  'alg NoNe': ['jwt_alg', (i) => forge({ alg: 'NoNe', kid: 'first' }, i.claims(), UNSIGNED)],
  'no alg': ['jwt_malformed', (i) => forge({ kid: 'first' }, i.claims(), signedBy(i.key()))],
  'HS256 keyed with the public key': [
    'jwt_alg',
    (i) => forge({ alg: 'HS256', kid: 'first' }, i.claims(), sealedWith(publicPem(i))),
  ],
  'HS256 keyed with the published JWK': [
    'jwt_alg',
    (i) => forge({ alg: 'HS256', kid: 'first' }, i.claims(), sealedWith(JSON.stringify(i.key().jwk))),
  ],
  'HS256 keyed with nothing': ['jwt_alg', (i) => forge({ alg: 'HS256' }, i.claims(), sealedWith(''))],
  'RS256 over an elliptic key': ['jwt_kid', byIssuer({ alg: 'RS256' })],
  'another issuer': ['jwt_iss', (i) => i.sign({ iss: 'https://evil.example' })],
  'an issuer with a slash at its end': ['jwt_iss', (i) => i.sign({ iss: `${i.url}/` })],
  'an issuer in capitals': ['jwt_iss', (i) => i.sign({ iss: i.url.toUpperCase() })],
  'a list of issuers': ['jwt_iss', (i) => i.sign({ iss: [i.url] })],
  'no issuer': ['jwt_iss', (i) => i.sign({ iss: undefined })],
  'an audience that is another client': ['jwt_aud', (i) => i.sign({ aud: 'other-client' })],
  'audiences without ours': ['jwt_aud', (i) => i.sign({ aud: ['other', 'TEXTOPS', `${AUDIENCE} `] })],
  'an empty list of audiences': ['jwt_aud', (i) => i.sign({ aud: [] })],
  'an audience that is an object': ['jwt_aud', byIssuer({}, { aud: { [AUDIENCE]: true } })],
  'no audience': ['jwt_aud', (i) => i.sign({ aud: undefined })],
  'over for 31 seconds': ['jwt_exp', (i) => i.sign({ exp: NOON_S - 31 })],
  'without an end': ['jwt_exp', (i) => i.sign({ exp: undefined })],
  'an end that is text': ['jwt_exp', byIssuer({}, { exp: '9999999999' })],
  'not before half a minute from now': ['jwt_nbf', (i) => i.sign({ nbf: NOON_S + 31 })],
  'made in the future': ['jwt_iat', (i) => i.sign({ iat: NOON_S + 3600 })],
  'no subject': ['jwt_sub', (i) => i.sign({ sub: undefined })],
  'a subject that is a number': ['jwt_sub', byIssuer({}, { sub: 42 })],
  'a subject that is a list': ['jwt_sub', byIssuer({}, { sub: ['u-ana'] })],
  'an empty subject': ['jwt_sub', (i) => i.sign({ sub: '' })],
  'a subject with a zero byte': ['jwt_sub', (i) => i.sign({ sub: 'u-ana\u0000' })],
  'a key that nobody published': ['jwt_kid', byEvil({ kid: 'second' })],
  'a key id that is a path': ['jwt_kid', byEvil({ kid: '../../../../dev/null' })],
  'a key id that is a query': ['jwt_kid', byEvil({ kid: "first' or '1'='1" })],
  'another key with the same id': ['jwt_signature', byEvil({})],
  'another key, and no id': ['jwt_signature', byEvil({ kid: undefined })],
  'its own key in the header': ['jwt_signature', byEvil({ jwk: evil.jwk })],
  'its own certificate in the header': ['jwt_signature', byEvil({ x5c: ['MIIB'] })],
  'an extension that must be understood': ['jwt_malformed', byIssuer({ crit: ['exp'], exp: 1 })],
  'a payload that is not encoded': ['jwt_malformed', byIssuer({ b64: false, crit: ['b64'] })],
  'an empty list of extensions': ['jwt_malformed', byIssuer({ crit: [] })],
  'a payload that was changed': ['jwt_signature', async (i) => changed(await i.sign(), 1, asOwner)],
  'a signature that was changed': [
    'jwt_signature',
    async (i) => changed(await i.sign(), 2, (part) => (part[0] === 'A' ? 'B' : 'A') + part.slice(1)),
  ],
  'a signature of zeros': ['jwt_signature', (i) => forge({ alg: 'ES256' }, i.claims(), () => 'A'.repeat(86))],
  'no signature': ['jwt_signature', async (i) => changed(await i.sign(), 2, () => '')],
  'a signature that was cut': ['jwt_signature', async (i) => (await i.sign()).slice(0, -10)],
  'only its first two parts': [
    'jwt_malformed',
    async (i) => (await i.sign()).split('.').slice(0, 2).join('.'),
  ],
  'four parts': ['jwt_malformed', async (i) => `${await i.sign()}.x`],
  'a token in a token': [
    'jwt_malformed',
    async (i) => forge({ alg: 'ES256', kid: 'first', cty: 'JWT' }, await i.sign(), signedBy(i.key())),
  ],
  'one that is encrypted': [
    'jwt_malformed',
    async (i) =>
      new CompactEncrypt(Buffer.from(await i.sign()))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(new Uint8Array(32)),
  ],
  'a payload that is a list': ['jwt_malformed', (i) => forge({ alg: 'ES256' }, [1], signedBy(i.key()))],
  'a logout token': ['jwt_typ', (i) => i.sign({}, { typ: 'logout+jwt' })],
  'a proof of possession': ['jwt_typ', (i) => i.sign({}, { typ: 'dpop+jwt' })],
  'a kind that is a number': ['jwt_typ', byIssuer({ typ: 7 })],
  'one that is too long': ['malformed', (i) => i.sign({ pad: 'x'.repeat(8000) })],
  'two tokens': ['malformed', async (i) => `${await i.sign()}, Bearer ${await i.sign()}`],
  'two tokens with a blank between': ['malformed', async (i) => `${await i.sign()} ${await i.sign()}`],
  'a tab in the middle': ['malformed', async (i) => (await i.sign()).replace('.', '\t.')],
  'a blank in the middle': ['malformed', async (i) => (await i.sign()).replace('.', ' .')],
  'padding at its end': ['jwt_malformed', async (i) => `${await i.sign()}==`],
  'other bits behind its last byte': ['jwt_malformed', async (i) => withStrayBits(await i.sign())],
  'plain base64': ['jwt_malformed', async (i) => changed(await i.sign(), 1, (part) => `${part}+/`)],
};

const installed = async (issuer: Issuer) => {
  const there = await world({ profile: 'production', identityProvider: issuer.provider() });
  await there.store.people.replaceFilePeople([ANA], noon);
  await there.addJob('backup');
  return there;
};

const REQUEST = { json: { job: 'backup' } };

describe('a token that nobody gave', () => {
  test.each(Object.entries(FORGED))('%s: 401, nothing changes, and the log says why', async (_, forged) => {
    const [reason, make] = forged;
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const headers = { authorization: `Bearer ${await make(issuer)}`, 'idempotency-key': 'k1' };
    const { status, json, headers: answered } = await there.call('/runs', { ...REQUEST, headers });
    expect({ status, code: json.code, detail: json.detail }).toEqual({
      status: 401,
      code: 'unauthorized',
      detail: 'This needs a good token: Authorization: Bearer TOKEN.',
    });
    expect(answered.get('www-authenticate')).toBe('Bearer realm="textops"');
    expect(there.observed).toEqual([{ kind: 'auth_refused', channel: 'http', reason }]);
    expect((await there.store.runs.list({ limit: 5 })).runs).toEqual([]);
  });

  test('the same door opens for one that the issuer did give', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const headers = { authorization: `Bearer ${await issuer.sign()}`, 'idempotency-key': 'k1' };
    const { status, json } = await there.call('/runs', { ...REQUEST, headers });
    expect(status).toBe(201);
    expect(json.run).toMatchObject({ requestedBy: 'Ana', requestedByAddress: 'web:u-ana' });
    expect(there.observed.filter(({ kind }) => kind === 'auth_refused')).toEqual([]);
  });

  test.each(['jku', 'x5u'])('whatever %s names is never asked', async (name) => {
    const heard: string[] = [];
    const { url } = await loopback((request, response) => {
      heard.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [evil.jwk] }));
    });
    const issuer = await oidcIssuer();
    const { call } = await installed(issuer);
    const token = await byEvil({ [name]: `${url}/keys` })(issuer);
    expect((await call('/runs', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(heard).toEqual([]);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });
});
