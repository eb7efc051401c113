import { describe, expect, test } from 'vitest';
import type { Person } from '../../../src/core/people/person.ts';
import { ACTS } from '../../../src/web/console/acts.ts';
import { PAGES } from '../../../src/web/console/pages.ts';
import { noon, type World, world } from '../world.ts';
import { type Browser, browserOn, consoleWorld, seated, signedInAs } from './browser.ts';

const ROLES = ['owner', 'approver', 'operator', 'viewer', 'dba', 'requester'] as const;

/** Written down by hand, like the table of the HTTP interface. */
const MATRIX: Readonly<Record<string, readonly (0 | 1)[]>> = {
  //                                       owner approver operator viewer dba requester
  'GET /': /*                                */ [1, 1, 1, 1, 1, 1],
  'GET /live': /*                            */ [1, 1, 1, 1, 1, 1],
  'GET /approvals': /*                       */ [1, 1, 1, 1, 1, 1],
  'GET /runs': /*                            */ [1, 1, 1, 1, 1, 1],
  'GET /runs/:id': /*                        */ [1, 1, 1, 1, 1, 1],
  'GET /runs/:id/live': /*                   */ [1, 1, 1, 1, 1, 1],
  'GET /runs/:id/approve': /*                */ [1, 1, 1, 0, 1, 0],
  'GET /runs/:id/deny': /*                   */ [1, 1, 1, 0, 1, 0],
  'GET /jobs': /*                            */ [1, 1, 1, 1, 1, 0],
  'GET /jobs/:key': /*                       */ [1, 1, 1, 1, 1, 0],
  'GET /chat': /*                            */ [1, 1, 1, 1, 1, 1],
  'GET /chat/live': /*                       */ [1, 1, 1, 1, 1, 1],
  'POST /chat/say': /*                       */ [1, 1, 1, 1, 1, 1],
  'POST /chat/press': /*                     */ [1, 1, 1, 1, 1, 1],
  'GET /schedules': /*                       */ [1, 1, 1, 1, 1, 0],
  'GET /schedules/:key': /*                  */ [1, 1, 1, 1, 1, 0],
  'GET /queue': /*                           */ [1, 1, 1, 1, 1, 0],
  'GET /queue/letters': /*                   */ [1, 1, 1, 0, 1, 0],
  'GET /audit': /*                           */ [1, 0, 0, 1, 0, 0],
  'GET /logs': /*                            */ [1, 0, 0, 0, 0, 0],
  'GET /scorecard': /*                       */ [1, 1, 1, 1, 0, 0],
  'GET /people': /*                          */ [1, 0, 0, 0, 0, 0],
  'POST /schedules/:key/pause': /*           */ [1, 1, 1, 0, 1, 0],
  'POST /schedules/:key/resume': /*          */ [1, 1, 1, 0, 1, 0],
  'POST /schedules/:key/skip': /*            */ [1, 1, 1, 0, 1, 0],
  'POST /queue/pause': /*                    */ [1, 1, 1, 0, 1, 0],
  'POST /queue/unpause': /*                  */ [1, 1, 1, 0, 1, 0],
  'POST /queue/letters/replay': /*           */ [1, 1, 1, 0, 1, 0],
  'POST /queue/letters/drop': /*             */ [1, 1, 1, 0, 1, 0],
  'POST /queue/letters/:id/replay': /*       */ [1, 1, 1, 0, 1, 0],
  'POST /queue/letters/:id/drop': /*         */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/approve': /*               */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/deny': /*                  */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/start': /*                 */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/cancel': /*                */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/recover': /*               */ [1, 1, 1, 0, 1, 0],
  'POST /runs/:id/again': /*                 */ [1, 1, 1, 0, 1, 1],
  'POST /jobs/:key/run': /*                  */ [1, 1, 1, 0, 1, 1],
};

const routes = [...PAGES.map(({ path }) => `GET ${path}`), ...ACTS.map(({ path }) => `POST ${path}`)];

const people: readonly Person[] = ROLES.map((role) => ({
  id: role,
  name: `The ${role}`,
  roles: [role],
  identities: [`web:${role}`],
}));

const installed = async (): Promise<World> => {
  const there = await consoleWorld({ profile: 'production' });
  await there.store.people.replaceFilePeople(people, noon);
  return there;
};

const askFor = async (browser: Browser, route: string, csrf: string): Promise<number> => {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/:\w+/g, 'none');
  return (await (method === 'GET' ? browser.get(path) : browser.post(path, { csrf }))).status;
};

const csrfOf = async (browser: Browser): Promise<string> =>
  /name="csrf" value="(\w+)"/.exec((await browser.get('/')).text)?.[1] ?? '';

describe('every page and every form', () => {
  test('stands in the table above', () => {
    expect(routes.toSorted()).toEqual(Object.keys(MATRIX).toSorted());
  });

  test('leads whoever is not signed in to the door', async () => {
    const browser = browserOn(await installed());
    for (const route of routes) expect([route, await askFor(browser, route, '')]).toEqual([route, 303]);
  });

  test.each(ROLES)('lets in whom the table says: %s', async (role) => {
    const there = await installed();
    const browser = await signedInAs(there, `web:${role}`);
    const csrf = await csrfOf(browser);
    for (const route of routes.filter((one) => one !== 'GET /live')) {
      const status = await askFor(browser, route, csrf);
      const isIn = MATRIX[route]?.[ROLES.indexOf(role)] === 1;
      expect([route, status === 403]).toEqual([route, !isIn]);
    }
  });

  test('refuses a form that it did not write for this browser', async () => {
    const there = await installed();
    const [owner, other] = [await signedInAs(there, 'web:owner'), await signedInAs(there, 'web:approver')];
    for (const csrf of ['', 'x', await csrfOf(other)]) {
      for (const route of routes.filter((one) => one.startsWith('POST'))) {
        expect([route, await askFor(owner, route, csrf)]).toEqual([route, 403]);
      }
    }
  });

  test('refuses a form of another page, whatever stands in it', async () => {
    const there = await consoleWorld();
    const ana = await seated(there, 'ana');
    await there.say('run backup');
    const csrf = await csrfOf(ana);
    const { runs } = await there.store.runs.list({ limit: 1 });
    const path = `/runs/${runs[0]?.state.runId}/deny`;
    const forged = await ana.post(path, { csrf }, { headers: { origin: 'https://evil.example' } });
    expect(forged.status).toBe(403);
    expect((await there.store.runs.list({ limit: 1 })).runs[0]?.state.status).toBe('AwaitingApproval');
  });
});

describe('what somebody may not know of', () => {
  test('is not there: no row, no page, no form', async () => {
    const there = await consoleWorld();
    const { json } = await there.say('run backup');
    const eve = await seated(there, 'eve');
    const csrf = await csrfOf(eve);
    for (const page of ['/', '/approvals', '/runs', '/jobs']) {
      const { text } = await eve.get(page);
      expect(text).not.toContain(json.runId);
      expect(text).not.toContain('backup');
    }
    for (const path of [`/runs/${json.runId}`, `/runs/${json.runId}/live`, '/jobs/backup', '/runs/ABC123']) {
      expect((await eve.get(path)).status).toBe(404);
    }
    expect((await eve.post(`/runs/${json.runId}/deny`, { csrf })).status).toBe(404);
    expect((await eve.post('/jobs/backup/run', { csrf })).status).toBe(404);
    const { runs } = await there.store.runs.list({ limit: 5 });
    expect(runs.map(({ state }) => state.status)).toEqual(['AwaitingApproval']);
  });

  test('is gone with the right, in the session that somebody has already', async () => {
    const there = await installed();
    const browser = await signedInAs(there, 'web:owner');
    expect((await browser.get('/')).status).toBe(200);
    await there.store.people.replaceFilePeople(people.slice(1), noon);
    expect((await browser.get('/')).status).toBe(303);
  });
});

test('programs find at the same addresses what they always found', async () => {
  const { call } = await world();
  for (const path of ['/runs', '/jobs']) {
    expect((await call(path)).headers.get('content-type')).toMatch(/^application\/json/);
  }
  expect((await call('/')).headers.get('content-type')).toMatch(/^text\/plain/);
});
