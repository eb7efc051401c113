import { describe, expect, test } from 'vitest';
import { sendNotices } from '../../src/core/flows/runs/send-notices.ts';
import { type ParamSpec, plainSpec } from '../../src/core/jobs/job.ts';
import { type Call, type World, world } from './world.ts';

const db: ParamSpec = { type: 'string', required: true, enum: ['main', 'audit'], default: 'main' };
const copies: ParamSpec = { type: 'integer', required: false, min: 1, max: 5 };

const withBackup = async (options: Parameters<typeof world>[0] = {}): Promise<World> => {
  const there = await world(options);
  await there.addJob('backup', { params: { db, copies } });
  return there;
};

const asking = (key: string | undefined, json: unknown, more: Partial<Call> = {}): Call => ({
  ...more,
  json,
  headers: { ...(key === undefined ? {} : { 'idempotency-key': key }), ...more.headers },
});

describe('POST /runs', () => {
  test('asks for a run like any person', async () => {
    const { call } = await withBackup();
    const { status, json, headers } = await call(
      '/runs',
      asking('k1', { job: 'backup', params: { db: 'audit', copies: 2 } }),
    );
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/runs/${json.run.runId}`);
    expect(json.run).toMatchObject({
      jobKey: 'backup',
      jobVersion: 1,
      status: 'AwaitingApproval',
      requestedByAddress: 'dev:api',
      channelId: 'http',
      conversationId: 'http:api',
      params: { db: 'audit', copies: 2 },
    });
  });

  test('jobKey is another word for job', async () => {
    const { call } = await withBackup();
    const first = await call('/runs', asking('k1', { jobKey: 'backup' }));
    expect(first.status).toBe(201);
    expect(first.json.run.jobKey).toBe('backup');
    for (const same of [{ job: 'backup' }, { job: 'backup', jobKey: 'backup' }]) {
      expect((await call('/runs', asking('k1', same))).json.run.runId).toBe(first.json.run.runId);
    }
    const torn = await call('/runs', asking('k2', { job: 'backup', jobKey: 'other' }));
    expect(torn.json).toMatchObject({ status: 422, code: 'two_jobs' });
    expect((await call('/runs')).json.runs).toHaveLength(1);
  });

  test('the same key answers with the same run, whenever it comes', async () => {
    const { call } = await withBackup();
    const wanted = { job: 'backup', params: { db: 'audit' } };
    const together = await Promise.all(Array.from({ length: 8 }, () => call('/runs', asking('k1', wanted))));
    const ids = together.map(({ json }) => json.run.runId);
    expect(new Set(ids).size).toBe(1);
    expect(together.map(({ status }) => status)).toEqual(together.map(() => 201));
    expect((await call('/runs', asking('k1', wanted))).json.run.runId).toBe(ids[0]);
    expect((await call('/runs')).json.runs).toHaveLength(1);
  });

  test('a repeat answers even after the job was changed (F069)', async () => {
    const { call, store, clock } = await withBackup();
    const first = await call('/runs', asking('k1', { job: 'backup' }));
    const spec = (await store.catalog.find('backup'))?.spec;
    if (spec === undefined) throw new Error('the job is gone');
    await store.catalog.put({
      key: 'backup',
      spec: { ...spec, params: {} },
      mode: 'change',
      by: 'user:dev:ana',
      at: clock.at,
    });
    const again = await call('/runs', asking('k1', { job: 'backup' }));
    expect(again.json.run).toEqual(first.json.run);
    expect(again.json.run.jobVersion).toBe(1);
    expect((await call('/runs', asking('k2', { job: 'backup' }))).json.run.jobVersion).toBe(2);
  });

  test.each([
    { job: 'backup', params: { db: 'main' } },
    { job: 'backup', params: { db: 'audit', copies: 1 } },
    { job: 'backup', params: { nonsense: 1 } },
    { job: 'other' },
  ])('the same key for something else is refused: %j', async (other) => {
    const { call, addJob } = await withBackup();
    await addJob('other');
    await call('/runs', asking('k1', { job: 'backup', params: { db: 'audit' } }));
    const { status, json } = await call('/runs', asking('k1', other));
    expect(status).toBe(422);
    expect(json.code).toBe('idempotency_key_reused');
  });

  test('a default that nobody gave is not the same request as the value given', async () => {
    const { call } = await withBackup();
    await call('/runs', asking('k1', { job: 'backup' }));
    const given = await call('/runs', asking('k1', { job: 'backup', params: { db: 'main' } }));
    expect(given.json.code).toBe('idempotency_key_reused');
  });

  test('keys of different askers do not meet', async () => {
    const { call } = await withBackup();
    const bob = { headers: { 'x-textops-user': 'bobby' } };
    const one = await call('/runs', asking('k1', { job: 'backup' }));
    const two = await call('/runs', asking('k1', { job: 'backup' }, bob));
    const three = await call('/runs', asking('k1', { job: 'backup' }, { as: 'ci' }));
    const ids = [one, two, three].map(({ json }) => json.run.runId);
    expect(new Set(ids).size).toBe(3);
    expect(two.json.run.requestedByAddress).toBe('dev:bobby');
    expect(three.json.run).toMatchObject({ requestedByAddress: 'http:ci', conversationId: 'http:ci' });
  });

  test('a refused request leaves its key unused', async () => {
    const { call } = await withBackup();
    expect((await call('/runs', asking('k1', { job: 'backup', params: { db: 'mian' } }))).status).toBe(422);
    expect((await call('/runs', asking('k1', { job: 'backup', params: { db: 'main' } }))).status).toBe(201);
  });

  test('says everything that is wrong with the parameters', async () => {
    const { call } = await withBackup();
    const { status, json } = await call(
      '/runs',
      asking('k1', { job: 'backup', params: { db: 'mian', copis: 9 } }),
    );
    expect(status).toBe(422);
    expect(json.code).toBe('invalid_params');
    expect(json.problems).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Did you mean main?'),
        expect.stringContaining('Did you mean copies?'),
      ]),
    );
  });

  test('an unknown job is refused with a guess, and no demo stands in for it', async () => {
    const { call } = await withBackup();
    const near = await call('/runs', asking('k1', { job: 'bakup' }));
    expect(near.json).toMatchObject({ status: 404, code: 'unknown_job' });
    expect(near.json.detail).toBe('No job called "bakup". Did you mean "backup"?');
    expect((await call('/runs', asking('k2', { job: 'demo' }))).status).toBe(404);
  });

  test('who may not ask is told so', async () => {
    const there = await withBackup();
    const refused = await there.call('/runs', asking('k1', { job: 'backup' }, { as: 'screen' }));
    expect(refused.json).toMatchObject({ status: 403, code: 'permission_needed' });
    const bob = { headers: { 'x-textops-user': 'bob' } };
    const denied = await there.call('/runs', asking('k1', { job: 'backup' }, bob));
    expect(denied.json).toMatchObject({ status: 403, code: 'may_not_request' });
    const eve = await there.call(
      '/runs',
      asking('k1', { job: 'backup' }, { headers: { 'x-textops-user': 'eve' } }),
    );
    expect(eve.json.code).toBe('unknown_job');
  });

  test('a policy that asks nobody starts at once, and says who decided (F070)', async () => {
    const { call, addJob, observed } = await world();
    const never = {
      policy: 'never',
      quorum: 1,
      approvers: [],
      needs: [],
      decideByMs: 1000,
      startByMs: 1000,
    } as const;
    await addJob('ping', { approval: never });
    const { run } = (await call('/runs', asking('k1', { job: 'ping' }))).json;
    expect(run.status).toBe('Dispatching');
    const { events } = (await call(`/runs/${run.runId}`)).json;
    expect(events[1]).toMatchObject({ type: 'RunApproved', actor: 'policy:never' });
    expect(observed).toContainEqual({ kind: 'never_policy_used', runId: run.runId, jobKey: 'ping' });
  });

  test('a token called like a person is that person, who cannot approve what it asked for', async () => {
    const there = await withBackup({ profile: 'production' });
    await there.store.people.replaceFilePeople(
      [{ id: 'ana', name: 'Ana Lang', roles: ['operator', 'approver'], identities: ['telegram:1'] }],
      there.clock.at,
    );
    const { run } = (await there.call('/runs', asking('k1', { job: 'backup' }, { as: 'ana' }))).json;
    expect(run).toMatchObject({ requestedBy: 'Ana Lang', requestedByAddress: 'http:ana' });
    const stored = (await there.store.runs.find([run.runId])).get(run.runId)?.state;
    expect(stored?.requester).toMatchObject({ kind: 'person', personId: 'ana' });
    expect(stored?.selfApproval).toBe(false);
  });

  test.each([
    ['no key', asking(undefined, { job: 'backup' }), 400, 'idempotency_key_missing'],
    ['an empty key', asking('', { job: 'backup' }), 400, 'idempotency_key_missing'],
    ['a long key', asking('k'.repeat(201), { job: 'backup' }), 400, 'idempotency_key_invalid'],
    ['a key with a blank', asking('a b', { job: 'backup' }), 400, 'idempotency_key_invalid'],
    ['no job', asking('k', {}), 400, 'invalid_body'],
    ['an array', asking('k', []), 400, 'invalid_body'],
    ['null', asking('k', null), 400, 'invalid_body'],
    ['a nested parameter', asking('k', { job: 'backup', params: { db: {} } }), 400, 'invalid_body'],
    ['an unknown field', asking('k', { job: 'backup', parms: {} }), 400, 'invalid_body'],
    ['a control character', asking('k', { job: 'backup', params: { db: 'a\u0000' } }), 400, 'nul_character'],
    ['a name of the language', asking('k', { job: 'constructor' }), 404, 'unknown_job'],
    [
      'a hostile key of params',
      asking('k', { job: 'backup', params: { constructor: '1' } }),
      422,
      'invalid_params',
    ],
    [
      'a bad user',
      asking('k', { job: 'backup' }, { headers: { 'x-textops-user': 'a b' } }),
      400,
      'invalid_user',
    ],
  ])('%s is refused', async (_what, call, status, code) => {
    const there = await withBackup();
    const answer = await there.call('/runs', call);
    expect(answer.json).toMatchObject({ status, code });
    expect((await there.call('/runs')).json.runs).toEqual([]);
  });
});

describe('a run that no conversation shows', () => {
  const waiting = async ({ store, clock }: World): Promise<readonly string[]> => {
    const channels = ['dev', 'http', 'telegram'];
    const claim = { owner: 'test', limit: 50, at: clock.at, until: clock.at + 1000, channels };
    return (await store.outbox.claim(claim)).map(({ address, draft }) => `${address} ${draft.content.plain}`);
  };

  test('is put to the chat of the operators at once, and decided there like any other', async () => {
    const there = await withBackup({ opsChat: 'dev:ops' });
    const { run, said } = (await there.call('/runs', asking('k1', { job: 'backup' }))).json;
    expect(said).toBe(`Run ${run.runId} waits for a decision; dev:ops is asked.`);
    await sendNotices(there.rooms)();
    expect(await waiting(there)).toContainEqual(
      expect.stringMatching(new RegExp(`^dev:ops .*YES ${run.runId}`)),
    );
    const { events } = (await there.call(`/runs/${run.runId}`)).json;
    expect(events.at(-1)).toMatchObject({
      type: 'ApprovalEscalated',
      payload: { to: 'dev:ops', addresses: ['dev:ops'] },
    });
    expect((await there.say(`yes ${run.runId}`, { from: 'bob' })).json.dispatchedExecution).toBe(true);
    const again = (await there.call('/runs', asking('k1', { job: 'backup' }))).json;
    expect(again.said).toBe(`Run ${run.runId} waits for nobody.`);
  });

  test('is put at once to whom its job would put it after a while', async () => {
    const there = await world({ opsChat: 'dev:ops' });
    const { approval } = plainSpec({ title: '', target: { kind: 'demo' } });
    const escalate = { afterMs: 60_000, to: 'dev:boss' };
    await there.addJob('backup', { approval: { ...approval, escalate } });
    const { run, said } = (await there.call('/runs', asking('k1', { job: 'backup' }))).json;
    expect(said).toBe(`Run ${run.runId} waits for a decision; dev:boss is asked.`);
    await sendNotices(there.rooms)();
    const told = (await waiting(there)).map((line) => line.split(' ')[0]);
    expect(told).toContain('dev:boss');
    expect(told).not.toContain('dev:ops');
  });

  test('has to be found by somebody where there is no such chat, and the answer says so', async () => {
    const there = await withBackup();
    const { run, said } = (await there.call('/runs', asking('k1', { job: 'backup' }))).json;
    expect(said).toBe(
      `Run ${run.runId} waits for a decision, and no chat shows it: somebody who may decide has to look at /runs waiting.`,
    );
    await sendNotices(there.rooms)();
    expect((await waiting(there)).map((line) => line.split(':')[0])).not.toContain('dev');
    const [found] = (await there.say('runs waiting', { from: 'bob' })).json.outbound;
    expect(found.body).toContain(run.runId);
  });

  test('asks nobody anywhere when somebody asks in a chat of their own', async () => {
    const there = await withBackup({ opsChat: 'dev:ops' });
    const { runId } = (await there.say('run backup', { conversation: 'mine' })).json;
    await sendNotices(there.rooms)();
    const { events } = (await there.call(`/runs/${runId}`)).json;
    expect(events.map(({ type }: { type: string }) => type)).not.toContain('ApprovalEscalated');
  });
});
