import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/core/people/person.ts';
import { sha256Hex } from '../../src/core/runs/hash.ts';
import type { Access } from '../../src/web/access/permissions.ts';
import type { WebhookRoute } from '../../src/web/web-deps.ts';
import { type Issuer, oidcIssuer } from '../fakes/oidc-issuer.ts';
import { noon, type World, world } from './world.ts';

const ROLES = ['owner', 'approver', 'operator', 'viewer', 'dba', 'requester'] as const;

type Role = (typeof ROLES)[number];

/**
 * Who may use which route: written down by hand, so that whoever changes a permission changes this table as well. `dba` is
 * a role that only policies of jobs know. `open`: nobody is asked.
 */
const MATRIX: Readonly<Record<string, 'open' | readonly (0 | 1)[]>> = {
  //                              owner approver operator viewer dba requester
  'GET /': /*                        */ [1, 1, 1, 1, 1, 1],
  'GET /openapi.json': /*            */ [1, 1, 1, 1, 1, 1],
  'GET /health': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /metrics': /*                 */ [1, 1, 1, 1, 0, 0],
  'GET /runs': /*                    */ [1, 1, 1, 1, 1, 1],
  'GET /runs/:id': /*                */ [1, 1, 1, 1, 1, 1],
  'POST /runs': /*                   */ [1, 1, 1, 0, 1, 1],
  'GET /jobs': /*                    */ [1, 1, 1, 1, 1, 0],
  'POST /jobs': /*                   */ [1, 0, 1, 0, 0, 0],
  'GET /jobs/:key': /*               */ [1, 1, 1, 1, 1, 0],
  'GET /jobs/:key/versions': /*      */ [1, 1, 1, 1, 1, 0],
  'PUT /jobs/:key': /*               */ [1, 0, 1, 0, 0, 0],
  'GET /schedules': /*               */ [1, 1, 1, 1, 1, 0],
  'POST /schedules': /*              */ [1, 0, 1, 0, 0, 0],
  'GET /schedules/:key': /*          */ [1, 1, 1, 1, 1, 0],
  'PUT /schedules/:key': /*          */ [1, 0, 1, 0, 0, 0],
  'GET /gates': /*                   */ [1, 1, 1, 1, 0, 0],
  'GET /ai/status': /*               */ [1, 1, 1, 1, 0, 0],
  'GET /dead-letters': /*            */ [1, 1, 1, 1, 1, 0],
  'POST /dead-letters/:id/replay': /**/ [1, 1, 1, 0, 1, 0],
  'POST /dead-letters/:id/drop': /*  */ [1, 1, 1, 0, 1, 0],
  'GET /figures': /*                 */ [1, 1, 1, 1, 0, 0],
  'POST /hook': 'open',
};

const ok = (): Promise<Response> => Promise.resolve(new Response('ok'));

const ADDED: readonly WebhookRoute[] = [
  { method: 'GET', path: '/figures', access: 'figures.read', handle: ok },
  { method: 'POST', path: '/hook', access: 'open', handle: ok },
];

const secretOf = (kind: string, role: Role): string => `${kind}-${role}-`.padEnd(40, 'x');

const people: readonly Person[] = ROLES.map((role) => ({
  id: `some-${role}`,
  name: `Some ${role}`,
  roles: [role],
  identities: [`web:${role}`],
}));

/** Production, with a token of every kind for every role. */
const installed = async (issuer: Issuer): Promise<World> => {
  const there = await world({
    profile: 'production',
    routes: ADDED,
    identityProvider: issuer.provider(),
    apiTokens: ROLES.map((role) => ({ name: `env-${role}`, role, token: secretOf('env', role) })),
  });
  await there.store.people.replaceFilePeople(people, noon);
  const upkeep = ROLES.map((role) => ({
    kind: 'token_created' as const,
    token: {
      name: `db-${role}`,
      tokenHash: sha256Hex(secretOf('txo_', role)),
      roles: [role],
      createdAt: noon,
      createdBy: 'user:cli:local',
    },
  }));
  await there.store.runs.commit([{ queue: [], outbox: [], upkeep, at: noon }]);
  return there;
};

const KINDS: Readonly<Record<string, (issuer: Issuer, role: Role) => string | Promise<string>>> = {
  'a token of API_TOKENS': (_, role) => secretOf('env', role),
  'a token of the database': (_, role) => secretOf('txo_', role),
  'a person of the identity provider': (issuer, role) => issuer.sign({ sub: role }),
};

const CALLERS = Object.keys(KINDS).flatMap((kind) => ROLES.map((role) => [kind, role] as const));

const routesOf = ({ app }: World): readonly string[] => [
  ...new Set(
    app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
  ),
];

const statusOf = async ({ call }: World, route: string, token?: string): Promise<number> => {
  const [method = '', path = ''] = route.split(' ');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await call(path.replaceAll(/:\w+/g, 'x1'), { method, headers, peer: '192.168.1.9' })).status;
};

const answerOf = (status: number): '401' | '403' | 'in' =>
  status === 401 ? '401' : status === 403 ? '403' : 'in';

/** What every route says to one token, and what the table says that it should. */
const asked = async (there: World, token?: string): Promise<Readonly<Record<string, string>>> => {
  const answers = new Map<string, string>();
  for (const route of routesOf(there)) answers.set(route, answerOf(await statusOf(there, route, token)));
  return Object.fromEntries(answers);
};

const expected = (say: (row: readonly (0 | 1)[]) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(MATRIX).map(([route, row]) => [route, row === 'open' ? 'in' : say(row)]));

describe('every route', () => {
  test('stands in the table above', async () => {
    const there = await installed(await oidcIssuer());
    expect(routesOf(there).toSorted()).toEqual(Object.keys(MATRIX).toSorted());
  });

  test('answers nobody outside dev, unless it is open', async () => {
    const there = await installed(await oidcIssuer());
    expect(await asked(there)).toEqual(expected(() => '401'));
  });

  test.each(CALLERS)('takes from %s of role %s what the table says', async (kind, role) => {
    const issuer = await oidcIssuer();
    const token = await KINDS[kind]?.(issuer, role);
    const at = ROLES.indexOf(role);
    expect(await asked(await installed(issuer), token)).toEqual(
      expected((row) => (row[at] === 1 ? 'in' : '403')),
    );
  });

  test('takes everything from the machine itself in dev, with no token at all', async () => {
    const { app, call } = await world({ routes: ADDED });
    const refused: string[] = [];
    const routes = app.routes.filter(({ method }) => method !== 'ALL');
    for (const { method, path } of routes) {
      const { status } = await call(path.replaceAll(/:\w+/g, 'x1'), { method });
      if (answerOf(status) !== 'in') refused.push(`${method} ${path}`);
    }
    expect(refused).toEqual([]);
    expect(routes.map(({ path }) => path)).toContain('/dev/inbound');
  });

  test('a refusal names the permission, and is in the log with who was refused', async () => {
    const issuer = await oidcIssuer();
    const there = await installed(issuer);
    const token = await issuer.sign({ sub: 'viewer' });
    const refused = await there.call('/runs', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.json).toMatchObject({
      status: 403,
      code: 'permission_needed',
      detail:
        'This needs the permission runs.request, which these roles have: owner, approver, operator, requester, a role of your own.',
    });
    expect(there.observed).toEqual([
      { kind: 'auth_refused', channel: 'http', reason: 'lacks runs.request', actor: 'user:web:viewer' },
    ]);
  });

  test('says in the description what it takes', async () => {
    const { call } = await world({ identityProvider: (await oidcIssuer()).provider() });
    const { paths, components, security } = (await call('/openapi.json')).json;
    for (const operations of Object.values<Readonly<Record<string, object>>>(paths)) {
      for (const operation of Object.values(operations)) {
        expect(operation).toHaveProperty('x-permission', expect.stringMatching(/^(open|local|\w+\.\w+)$/));
      }
    }
    expect(paths['/runs'].post['x-permission']).toBe('runs.request');
    expect(paths['/health'].get).toMatchObject({ 'x-permission': 'open', security: [] });
    expect(paths['/dev/inbound'].post).toMatchObject({ 'x-permission': 'local', security: [] });
    expect(Object.keys(components.securitySchemes)).toEqual(['token', 'identityProvider']);
    expect(security).toEqual([{ token: [] }, { identityProvider: [] }, {}]);
  });
});

describe('a door without a lock', () => {
  test.each(['', 'token', 'runs.decide', 'toString', undefined, null])(
    'with %j for its permission, the program does not start',
    async (access) => {
      const route = { method: 'GET', path: '/side-door', handle: ok, access } as const;
      // What the compiler would refuse, a program written without it may still send.
      const unlocked = { ...route, access: access as Exclude<Access, 'local'> };
      await expect(world({ routes: [unlocked] })).rejects.toThrow(/^GET \/side-door names no permission/);
    },
  );
});
