import { describe, expect, test } from 'vitest';
import { createToken, revokeToken, type TokenOrder } from '../../src/core/flows/people/tokens.ts';
import { amend } from '../../src/core/flows/runs/amend.ts';
import type { Person } from '../../src/core/people/person.ts';
import { hasAsked } from '../../src/core/runs/approvals.ts';
import { sha256Hex } from '../../src/core/runs/hash.ts';
import type { LiveRun } from '../../src/core/runs/run.ts';
import type { Answer, Call, World } from './world.ts';
import { noon, world } from './world.ts';

const SECRET = `txo_${'s'.repeat(43)}`;
const HOUR = 60 * 60_000;
const OWNER = { person: { roles: ['owner'] }, identity: 'cli:local' };

const ana: Person = {
  id: 'ana',
  name: 'Ana',
  roles: ['operator', 'approver'],
  identities: ['telegram:1'],
};

const withToken = async (order: Partial<TokenOrder> = {}, people: readonly Person[] = [ana]) => {
  const there = await world({ profile: 'production' });
  await there.store.people.replaceFilePeople(people, noon);
  await there.addJob('backup');
  const wanted = { name: 'ci', roles: ['operator'], tokenHash: sha256Hex(SECRET), namesElsewhere: [] };
  const done = await amend(there.store, createToken(there.store, { ...wanted, by: OWNER, ...order }));
  if (done === 'seen_before' || done.refused !== undefined) throw new Error('the token was not made');
  const use = (path: string, { headers, ...call }: Call = {}): Promise<Answer> =>
    there.call(path, { ...call, headers: { authorization: `Bearer ${SECRET}`, ...headers } });
  return { ...there, use };
};

const ask = (use: (path: string, call: Call) => Promise<Answer>): Promise<Answer> =>
  use('/runs', { json: { job: 'backup' }, headers: { 'idempotency-key': 'k1' } });

const stored = async ({ store }: World, runId: string): Promise<LiveRun> => {
  const run = (await store.runs.find([runId])).get(runId)?.state;
  if (run === undefined) throw new Error('the run is gone');
  return run;
};

describe('a token of the database', () => {
  test('opens until it is revoked, and not once more', async () => {
    const { use, store, observed } = await withToken();
    expect((await use('/runs')).status).toBe(200);
    await amend(store, revokeToken(store, { name: 'ci', by: OWNER }));
    const refused = await use('/runs');
    expect(refused.json).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(observed).toEqual([
      { kind: 'auth_refused', channel: 'http', reason: 'token_revoked', actor: 'user:http:ci' },
    ]);
  });

  test('reads nobody but its own person, with every request anew', async () => {
    const there = await world({
      profile: 'production',
      store: (opened) => ({
        ...opened,
        people: { ...opened.people, list: () => Promise.reject(new Error('everybody was read')) },
      }),
    });
    const { store, call } = there;
    await store.people.replaceFilePeople([ana], noon);
    await there.addJob('backup');
    const token = { roles: ['operator'], createdAt: noon, createdBy: 'user:cli:local' };
    const made = [
      { ...token, name: 'laptop', tokenHash: sha256Hex(SECRET), personId: 'ana' },
      { ...token, name: 'ana', tokenHash: sha256Hex(`${SECRET}2`) },
    ].map((one) => ({ kind: 'token_created' as const, token: one }));
    await store.runs.commit([{ queue: [], outbox: [], upkeep: made, at: noon }]);
    for (const [key, secret] of [SECRET, `${SECRET}2`].entries()) {
      const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': `k${key}` };
      const asked = await call('/runs', { json: { job: 'backup' }, headers });
      expect(asked.status).toBe(201);
      expect((await stored(there, asked.json.run.runId)).requester).toMatchObject({ personId: 'ana' });
    }
    await store.people.replaceFilePeople([], noon);
    expect((await call('/runs', { headers: { authorization: `Bearer ${SECRET}` } })).status).toBe(401);
  });

  test('opens until its last millisecond', async () => {
    const { use, clock } = await withToken({ expiresInMs: 1000 });
    clock.at = noon + 999;
    expect((await use('/runs')).status).toBe(200);
    clock.at = noon + 1000;
    expect((await use('/runs')).status).toBe(401);
  });

  test('is taken as it is and not otherwise', async () => {
    const { call } = await withToken();
    const statuses: number[] = [];
    for (const wrong of [
      SECRET.slice(0, -1),
      `${SECRET}s`,
      SECRET.toUpperCase(),
      sha256Hex(SECRET),
      'txo_',
    ]) {
      statuses.push((await call('/runs', { headers: { authorization: `Bearer ${wrong}` } })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
  });

  test('notes its use once an hour', async () => {
    const { use, store, clock } = await withToken();
    const noted = async () => (await store.tokens.list())[0]?.lastUsedAt;
    expect(await noted()).toBeUndefined();
    for (const [at, kept] of [
      [noon, noon],
      [noon + HOUR - 1, noon],
      [noon + HOUR, noon + HOUR],
    ] as const) {
      clock.at = at;
      await use('/runs');
      expect(await noted()).toBe(kept);
    }
  });

  test('asks for runs under its own name when it is nobody', async () => {
    const there = await withToken({ roles: ['requester'] });
    const { run } = (await ask(there.use)).json;
    expect(run).toMatchObject({ status: 'AwaitingApproval', requestedByAddress: 'http:ci' });
    expect((await stored(there, run.runId)).requester).toMatchObject({ personId: 'http:ci' });
  });

  test('asks as the person whose it is, who then cannot approve that run', async () => {
    const bob: Person = { id: 'bob', name: 'Bob', roles: ['approver'], identities: ['telegram:2'] };
    const there = await withToken({ name: 'laptop', personId: 'ana' }, [ana, bob]);
    const { run } = (await ask(there.use)).json;
    expect(run).toMatchObject({ requestedBy: 'Ana', requestedByAddress: 'http:laptop' });
    const kept = await stored(there, run.runId);
    expect(hasAsked(kept, ana)).toBe(true);
    expect(await there.rooms.directory.deciders(kept)).toEqual(['Bob']);
  });

  test('loses what its person loses, and ends with its person', async () => {
    const { use, store, observed } = await withToken({ name: 'laptop', personId: 'ana' });
    expect((await use('/jobs')).status).toBe(200);
    await store.people.replaceFilePeople([{ ...ana, roles: ['viewer'] }], noon);
    expect((await use('/jobs')).json.code).toBe('permission_needed');
    await store.people.replaceFilePeople([{ ...ana, roles: ['owner'] }], noon);
    expect((await use('/jobs')).status).toBe(200);
    await store.people.replaceFilePeople([], noon);
    expect((await use('/jobs')).status).toBe(401);
    expect(observed.at(-1)).toMatchObject({ reason: 'token_person_gone', actor: 'user:http:laptop' });
  });
});

describe('a service', () => {
  test('decides nothing: no route decides, and a vote in its name counts for nobody', async () => {
    const there = await withToken({ name: 'robot', roles: ['owner', 'approver', 'operator'] });
    const { runId } = (await ask(there.use)).json.run;
    const routes = there.app.routes.filter(({ method }) => method !== 'ALL' && method !== 'GET');
    expect(routes.length).toBeGreaterThan(5);
    for (const { method, path } of routes) {
      const json = { approve: true, verb: 'approve', decision: 'approve', reason: 'yes' };
      await there.use(path.replace(':id', runId).replace(':key', 'backup'), { method, json });
    }
    const run = await stored(there, runId);
    expect(run.status).toBe('AwaitingApproval');
    const vote = { personId: 'http:robot', identity: 'http:robot', roles: ['owner', 'approver'], at: noon };
    const forged = { ...run, votes: [{ ...vote, name: 'robot' }] };
    expect(await there.rooms.directory.entitled(forged)).toEqual([]);
  });
});
