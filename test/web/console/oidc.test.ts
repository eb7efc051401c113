import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { browserLogin } from '../../../src/web/oidc/browser-login.ts';
import { answerJson, loopback } from '../../cli/loopback.ts';
import { newKey } from '../../fakes/oidc-issuer.ts';
import { noon, type World } from '../world.ts';
import { type Browser, browserOn, consoleWorld } from './browser.ts';

const CLIENT = { id: 'textops', secret: 'the secret of the client' };

type Claims = Readonly<Record<string, unknown>>;

/** The part of an identity provider that a browser meets: whoever comes is somebody, and gets a code for one use. */
const provider = async (over: { readonly claims?: Claims; readonly subject?: string } = {}) => {
  const key = await newKey('first');
  const given = new Map<string, URLSearchParams>();
  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request));
    const asked = given.get(form.get('code') ?? '');
    given.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      asked?.get('code_challenge') === verifier &&
      asked.get('redirect_uri') === form.get('redirect_uri') &&
      form.get('client_secret') === CLIENT.secret;
    if (!isGood) return answerJson(response, { error: 'invalid_grant' }, 400);
    const at = Math.floor(Date.now() / 1000);
    const claims = { iss: url, aud: CLIENT.id, sub: over.subject ?? 'u-ana', nonce: asked.get('nonce') };
    const signed = await new SignJWT({ ...claims, iat: at, exp: at + 60, ...over.claims })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .sign(key.privateKey);
    return answerJson(response, { access_token: 'x', token_type: 'Bearer', id_token: signed });
  };
  const { url } = await loopback((request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/token') void token(request, response);
    else if (pathname === '/keys') answerJson(response, { keys: [key.jwk] });
    else {
      answerJson(response, {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
        id_token_signing_alg_values_supported: ['ES256'],
        code_challenge_methods_supported: ['S256'],
      });
    }
  });
  return {
    login: browserLogin({ issuer: url, client: CLIENT }),
    /** What the browser brings back from there. */
    answers: (location: string): string => {
      const asked = new URL(location).searchParams;
      const code = `code-${given.size}`;
      given.set(code, asked);
      return `?${new URLSearchParams({ code, state: asked.get('state') ?? '', iss: url }).toString()}`;
    },
  };
};

type Provider = Awaited<ReturnType<typeof provider>>;

const CALLBACK = '/login/oidc/callback';

const installed = async (there: Provider): Promise<World> => {
  const made = await consoleWorld({ profile: 'production', browserLogin: there.login });
  await made.store.people.replaceFilePeople(
    [{ id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:41', 'web:u-ana'] }],
    noon,
  );
  return made;
};

const begun = async (browser: Browser): Promise<string> =>
  (await browser.get('/login/oidc?next=%2Fruns')).headers.get('location') ?? '';

describe('signing in with an identity provider', () => {
  test('opens the console as the person who has that account, on record', async () => {
    const there = await provider();
    const house = await installed(there);
    const browser = browserOn(house);
    expect((await browser.get('/login')).text).toContain('href="/login/oidc?next=%2F"');
    const location = await begun(browser);
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'textops',
      scope: 'openid',
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost/login/oidc/callback',
    });
    const entered = await browser.get(`${CALLBACK}${there.answers(location)}`);
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/runs']);
    expect((await browser.get('/runs')).text).toContain('<span class="name">Ana</span>');
    const records = await house.store.runs.history('system');
    expect(records.at(-1)).toMatchObject({ type: 'SignedIn', actor: 'user:web:u-ana' });
  });

  test('takes an answer from the browser only that asked, once, and as it was asked', async () => {
    const there = await provider();
    const house = await installed(there);
    const [browser, other] = [browserOn(house), browserOn(house)];
    const answer = there.answers(await begun(browser));
    await begun(other);
    for (const forged of [answer, '', '?error=access_denied', `${answer}&state=x`]) {
      expect((await other.get(`${CALLBACK}${forged}`)).status).toBe(403);
      await begun(other);
    }
    expect((await browserOn(house).get(`${CALLBACK}${answer}`)).status).toBe(403);
    expect((await browser.get(`${CALLBACK}${answer.replace('code-0', 'code-9')}`)).status).toBe(403);
    expect((await browser.get(`${CALLBACK}${answer}`)).status).toBe(403);
    expect((await other.get('/runs')).status).toBe(303);
  });

  test.each<readonly [string, Claims]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for somebody else', { aud: 'another' }],
    ['with another nonce', { nonce: 'another' }],
    ['that is over', { exp: 1 }],
  ])('takes no token %s', async (_, claims) => {
    const there = await provider({ claims });
    const browser = browserOn(await installed(there));
    expect((await browser.get(`${CALLBACK}${there.answers(await begun(browser))}`)).status).toBe(403);
    expect((await browser.get('/runs')).status).toBe(303);
  });

  test.each(['u-zed', 'telegram:41', 'dev:ana'])(
    'knows nobody by what %s is called there',
    async (subject) => {
      const there = await provider({ subject });
      const browser = browserOn(await installed(there));
      const answer = await browser.get(`${CALLBACK}${there.answers(await begun(browser))}`);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain(`nobody here has the account web:${subject}`);
    },
  );
});
