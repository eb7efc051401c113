import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Issuer, newKey, oidcIssuer } from '../fakes/oidc-issuer.ts';
import { noon, type World, world } from './world.ts';

const PEOPLE = [{ id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:1', 'web:u-ana'] }];

const installed = async (issuer: Issuer, clock?: () => number): Promise<World> => {
  const there = await world({ profile: 'production', identityProvider: issuer.provider(clock) });
  await there.store.people.replaceFilePeople(PEOPLE, noon);
  return there;
};

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

const statusOf = async ({ call }: World, token: string): Promise<number> =>
  (await call('/runs', bearer(token))).status;

afterEach(() => {
  vi.useRealTimers();
});

describe('a token of the identity provider', () => {
  test('speaks for the person who has its subject as an account, and keys are read once', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    for (let times = 0; times < 3; times += 1) expect(await statusOf(there, await issuer.sign())).toBe(200);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt'])('may say that it is a %s', async (typ) => {
    const issuer = await oidcIssuer();
    expect(await statusOf(await installed(issuer), await issuer.sign({}, { typ }))).toBe(200);
  });

  test('may be signed with RSA, be for several, and come 30 seconds late', async () => {
    const issuer = await oidcIssuer();
    issuer.useKeys(await newKey('rsa', 'RS256'));
    const over = { aud: ['other', 'textops'], exp: noon / 1000 - 29, nbf: noon / 1000 + 29 };
    expect(await statusOf(await installed(issuer), await issuer.sign(over))).toBe(200);
  });

  test('of somebody whom nobody here knows gets 403 and one sentence', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const { json } = await there.call('/runs', bearer(await issuer.sign({ sub: 'u-zed' })));
    expect(json).toMatchObject({
      status: 403,
      code: 'unknown_person',
      detail: 'The token is good, but nobody here has its account; an owner can add it to a person.',
    });
    expect(there.observed).toEqual([
      { kind: 'auth_refused', channel: 'http', reason: 'unknown_person', actor: 'user:web:u-zed' },
    ]);
  });

  test('counts no more when the account is taken from its person', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const token = await issuer.sign();
    expect(await statusOf(there, token)).toBe(200);
    await there.store.people.replaceFilePeople([], noon);
    expect(await statusOf(there, token)).toBe(403);
  });

  test('asks for a run as that person', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    await there.addJob('backup');
    const { headers } = bearer(await issuer.sign());
    const { json } = await there.call('/runs', {
      json: { job: 'backup' },
      headers: { ...headers, 'idempotency-key': 'k1' },
    });
    expect(json.run).toMatchObject({ requestedBy: 'Ana', requestedByAddress: 'web:u-ana' });
    const run = (await there.store.runs.find([json.run.runId])).get(json.run.runId)?.state;
    expect(run?.requester).toMatchObject({ personId: 'ana', identity: 'web:u-ana' });
  });

  test('is nothing where no provider is set', async () => {
    const issuer = await oidcIssuer();
    const there = await world({ profile: 'production' });
    expect(await statusOf(there, await issuer.sign())).toBe(401);
    expect(there.observed).toMatchObject([{ reason: 'unknown_token' }]);
    expect(issuer.asked).toEqual([]);
  });

  test('shows the details of /health like any other, and never stops a stranger there', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const health = async (token: string) =>
      (await there.call('/health', { ...bearer(token), peer: '192.168.1.9' })).json.version;
    expect(await health(await issuer.sign())).toBe('1.2.3');
    expect(await health('nonsense')).toBeUndefined();
  });
});

describe('keys of the provider', () => {
  test('that are new are found half a minute later at most, and old ones end', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const old = await issuer.sign();
    expect(await statusOf(there, old)).toBe(200);
    issuer.useKeys(await newKey('second'));
    const fresh = await issuer.sign();
    expect(await statusOf(there, fresh)).toBe(401);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await statusOf(there, fresh)).toBe(200);
    expect(await statusOf(there, old)).toBe(401);
  });

  test('that moved are found where the document says, which is read again every ten minutes at most', async () => {
    const clock = { at: 0 };
    const issuer = await oidcIssuer();
    const there = await installed(issuer, () => clock.at);
    const old = await issuer.sign();
    expect(await statusOf(there, old)).toBe(200);
    issuer.moveKeys('/moved');
    issuer.useKeys(await newKey('second'));
    const fresh = await issuer.sign();
    const documents = (): number => issuer.asked.filter((path) => path.includes('openid')).length;
    clock.at = 10 * 60_000 - 1;
    expect(await statusOf(there, fresh)).toBe(401);
    expect(documents()).toBe(1);
    clock.at += 1;
    expect(await statusOf(there, fresh)).toBe(200);
    expect(await statusOf(there, old)).toBe(401);
    for (const kid of ['a', 'b', 'c']) {
      expect(await statusOf(there, await issuer.sign({}, { kid }))).toBe(401);
    }
    expect(documents()).toBe(2);
  });

  test('that stayed where they are stay known when somebody makes up a key id', async () => {
    const clock = { at: 0 };
    const issuer = await oidcIssuer();
    const there = await installed(issuer, () => clock.at);
    const token = await issuer.sign();
    expect(await statusOf(there, token)).toBe(200);
    clock.at = 10 * 60_000;
    expect(await statusOf(there, await issuer.sign({}, { kid: 'a' }))).toBe(401);
    expect(await statusOf(there, token)).toBe(200);
    expect(issuer.asked).toEqual([
      '/.well-known/openid-configuration',
      '/keys',
      '/.well-known/openid-configuration',
    ]);
    clock.at *= 2;
    issuer.answerWith('trouble');
    expect(await statusOf(there, await issuer.sign({}, { kid: 'a' }))).toBe(401);
    expect(await statusOf(there, token)).toBe(200);
  });

  test('are not asked for again by tokens with made-up key ids', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    for (const kid of ['a', 'b', 'c', 'd']) {
      expect(await statusOf(there, await issuer.sign({}, { kid }))).toBe(401);
    }
    expect(issuer.asked.filter((path) => path === '/keys')).toHaveLength(1);
  });
});

describe('a provider that cannot be asked', () => {
  test.each(['trouble', 'nonsense', 'elsewhere'] as const)(
    '(%s) makes it 503, lets nobody in, and is asked again later',
    async (mood) => {
      const clock = { at: 0 };
      const issuer = await oidcIssuer();
      issuer.answerWith(mood);
      const there = await installed(issuer, () => clock.at);
      const token = await issuer.sign();
      const { json } = await there.call('/runs', bearer(token));
      expect(json).toMatchObject({ status: 503, code: 'issuer_unavailable' });
      expect(there.observed).toMatchObject([
        { kind: 'loop_faulted', loop: 'identity provider' },
        { kind: 'auth_refused', reason: 'issuer_unavailable' },
      ]);
      issuer.answerWith('well');
      clock.at = 1000;
      expect(await statusOf(there, token)).toBe(200);
    },
  );

  test('is asked once a second at most', async () => {
    const issuer = await oidcIssuer();
    issuer.answerWith('trouble');
    const there = await installed(issuer, () => 0);
    for (let times = 0; times < 5; times += 1) expect(await statusOf(there, await issuer.sign())).toBe(503);
    expect(issuer.asked).toHaveLength(1);
  });

  test('does not take away keys that are known', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer, () => 0);
    expect(await statusOf(there, await issuer.sign())).toBe(200);
    issuer.answerWith('trouble');
    expect(await statusOf(there, await issuer.sign())).toBe(200);
    expect(await statusOf(there, await issuer.sign({}, { kid: 'other' }))).toBe(401);
  });

  test('keeps the tokens of the house out of it', async () => {
    const issuer = await oidcIssuer();
    issuer.answerWith('trouble');
    const there = await installed(issuer);
    expect((await there.call('/runs', { as: 'boss' })).status).toBe(200);
    expect(issuer.asked).toEqual([]);
  });

  test.each<Readonly<Record<string, string>>>([
    { issuer: 'https://evil.example' },
    { jwks_uri: 'http://evil.example/keys' },
    { jwks_uri: 'file:///etc/passwd' },
    { jwks_uri: 'keys' },
  ])('is one whose document says %j', async (document) => {
    const issuer = await oidcIssuer(document);
    expect(await statusOf(await installed(issuer), await issuer.sign())).toBe(503);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration']);
  });
});
