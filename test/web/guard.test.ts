import { describe, expect, test } from 'vitest';
import { type Call, type World, world } from './world.ts';

const said = { from: 'ana', conversation: 'ops', body: 'jobs' };
const post = (headers: Readonly<Record<string, string>>): Call => ({ json: said, headers });

describe('a host that is not ours', () => {
  test.each([
    'localhost',
    'localhost:5048',
    'LOCALHOST:5048',
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]',
    '[::1]:5048',
    'ops.example.com',
    'OPS.example.com:443',
  ])('%s is taken', async (host) => {
    const { call } = await world({ publicUrl: 'https://ops.example.com' });
    expect((await call('/health/live', { headers: { host } })).status).toBe(200);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:5048',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    '0.0.0.0',
    '0.0.0.0:5048',
    '192.168.1.9:5048',
    '[::]:5048',
    '::1',
    'localhost.',
    'localhost:',
    'localhost:5048:1',
    'localhost:999999',
    'localhost@evil.example',
    'ops.example.com:8443',
    'ops.example.com.evil.example',
    'xops.example.com',
    '2130706433',
    '',
  ])('%j is refused on every kind of route', async (host) => {
    for (const profile of ['dev', 'production'] as const) {
      const { call } = await world({ publicUrl: 'https://ops.example.com', profile, routes: [HOOK] });
      for (const path of ['/health', '/runs', '/', '/hook', '/nowhere']) {
        const { status, json } = await call(path, { headers: { host }, as: 'boss' });
        expect(status).toBe(403);
        expect(json.code).toBe('foreign_host');
      }
    }
  });

  test('a public host is nobody without PUBLIC_URL', async () => {
    const { call } = await world();
    expect((await call('/health', { headers: { host: 'ops.example.com' } })).status).toBe(403);
  });

  test('a port in PUBLIC_URL counts', async () => {
    const { call } = await world({ publicUrl: 'http://ops.example.com:8080' });
    const live = async (host: string): Promise<number> =>
      (await call('/health/live', { headers: { host } })).status;
    expect(await live('ops.example.com:8080')).toBe(200);
    expect(await live('ops.example.com')).toBe(403);
    expect(await live('ops.example.com:80')).toBe(403);
  });
});

describe('a page of another origin', () => {
  test.each([
    'null',
    'https://evil.example',
    'http://localhost:3000',
    'http://localhost',
    'http://127.0.0.1:5048',
    'http://localhost:5048.evil.example',
    'file://',
    'chrome-extension://abcdef',
    '',
  ])('%j cannot speak to localhost:5048', async (origin) => {
    const { call } = await world();
    const { status, json } = await call('/dev/inbound', post({ host: 'localhost:5048', origin }));
    expect(status).toBe(403);
    expect(json.code).toBe('foreign_origin');
    expect((await call('/runs', { headers: { host: 'localhost:5048', origin } })).status).toBe(403);
  });

  test('our own pages may', async () => {
    const { call } = await world({ publicUrl: 'https://ops.example.com' });
    const taken = async (host: string, origin: string): Promise<number> =>
      (await call('/health/live', { headers: { host, origin } })).status;
    expect(await taken('localhost:5048', 'http://localhost:5048')).toBe(200);
    expect(await taken('[::1]:5048', 'http://[::1]:5048')).toBe(200);
    expect(await taken('ops.example.com', 'https://ops.example.com')).toBe(200);
    expect(await taken('127.0.0.1:5048', 'https://ops.example.com')).toBe(200);
  });

  test('a refused page is not let in by headers of ours', async () => {
    const { call } = await world();
    const { headers } = await call('/runs', { headers: { origin: 'https://evil.example' } });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await call('/runs', {
      method: 'OPTIONS',
      headers: { host: 'localhost:5048', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(405);
  });
});

describe('every answer', () => {
  test.each(['/', '/health', '/runs', '/runs/ABC123', '/nowhere', '/hook'])(
    'of %s is guarded',
    async (path) => {
      const { call } = await world({ routes: [HOOK] });
      const { headers } = await call(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  test('of the guard itself is guarded as well', async () => {
    const { call } = await world();
    const { headers, status } = await call('/runs', { headers: { host: 'evil.example' } });
    expect(status).toBe(403);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

const HOOK = {
  method: 'POST' as const,
  path: '/hook',
  access: 'open' as const,
  handle: async (request: Request) => new Response(`heard ${(await request.text()).length}`),
};

const statusOf = async ({ call }: World, path: string, more: Call = {}): Promise<number> =>
  (await call(path, more)).status;

describe('tokens', () => {
  test.each(['/', '/runs', '/runs/ABC123', '/jobs', '/jobs/x', '/openapi.json', '/nowhere'])(
    'outside dev %s needs one',
    async (path) => {
      const there = await world({ profile: 'production' });
      const { status, json, headers } = await there.call(path);
      expect(status).toBe(401);
      expect(json.code).toBe('unauthorized');
      expect(headers.get('www-authenticate')).toContain('Bearer');
      expect(await statusOf(there, path, { as: 'boss' })).not.toBe(401);
    },
  );

  test('health and the doors of channels need none', async () => {
    const there = await world({ profile: 'production', routes: [HOOK] });
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect(await statusOf(there, path)).toBe(200);
    const heard = await there.call('/hook', { body: 'token=x', headers: { 'content-type': 'text/x' } });
    expect(heard.text).toBe('heard 7');
    // Their own providers may use this header in their own way.
    const basic = await there.call('/hook', { body: 'x', headers: { authorization: 'Basic abc' } });
    expect(basic.status).toBe(200);
  });

  test('a route that was added may ask for a permission', async () => {
    const figures = { ...HOOK, method: 'GET' as const, path: '/metrics', access: 'figures.read' as const };
    const there = await world({ profile: 'production', routes: [figures] });
    expect(await statusOf(there, '/metrics')).toBe(401);
    expect(await statusOf(there, '/metrics', { as: 'screen' })).toBe(200);
    expect(await statusOf(there, '/metrics', { as: 'ci' })).toBe(403);
  });

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer nonsense',
    `Bearer ${'o'.repeat(31)}`,
    `Bearer ${'o'.repeat(33)}`,
    `Bearer ${'O'.repeat(32)}`,
    `Basic ${'o'.repeat(32)}`,
    'o'.repeat(32),
    `Bearer ${'o'.repeat(32)} x`,
    `Bearer ${'x'.repeat(5000)}`,
  ])('%j is refused in every profile', async (authorization) => {
    for (const profile of ['dev', 'production'] as const) {
      const there = await world({ profile });
      expect(await statusOf(there, '/runs', { headers: { authorization } })).toBe(401);
    }
  });

  test('the scheme is read in any case', async () => {
    const there = await world({ profile: 'production' });
    expect(await statusOf(there, '/runs', { headers: { authorization: `bearer ${'o'.repeat(32)}` } })).toBe(
      200,
    );
  });

  test('without tokens nobody comes in outside dev', async () => {
    const there = await world({ profile: 'production', apiTokens: [] });
    expect(await statusOf(there, '/runs', { headers: { authorization: 'Bearer ' } })).toBe(401);
    expect(await statusOf(there, '/runs')).toBe(401);
  });

  test('in dev this machine needs none, and every other does', async () => {
    const there = await world();
    expect(await statusOf(there, '/runs')).toBe(200);
    expect(await statusOf(there, '/runs', { peer: '192.168.1.9' })).toBe(401);
    expect(await statusOf(there, '/runs', { peer: '192.168.1.9', as: 'boss' })).toBe(200);
  });
});
