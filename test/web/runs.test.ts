import { describe, expect, test } from 'vitest';
import { noon, type World, world } from './world.ts';

const iso = (at: number): string => new Date(at).toISOString();

const ask = async ({ say }: World, job = 'demo'): Promise<string> => (await say(`run ${job}`)).json.runId;

describe('GET /runs/{id}', () => {
  test('shows the run and its whole history (F019, F020)', async () => {
    const there = await world();
    const runId = await ask(there);
    await there.say(`yes ${runId}`);
    await there.work();
    const { status, json } = await there.call(`/runs/${runId}`);
    expect(status).toBe(200);
    expect(json.run).toMatchObject({
      runId,
      jobKey: 'demo',
      jobVersion: 0,
      status: 'Succeeded',
      board: 'SUCCEEDED',
      createdAt: iso(noon),
      updatedAt: iso(noon),
      requestedByAddress: 'dev:ana',
      requestedBy: 'Ana',
      channelId: 'dev',
      conversationId: 'dev:ops',
      params: {},
      epoch: 1,
      attempt: 1,
      workerId: 'w1',
      decideBy: null,
      summary: 'done',
      lastError: null,
      votes: [{ personId: 'dev:ana', name: 'Ana', identity: 'dev:ana', at: iso(noon) }],
    });
    expect(json.run.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(json.events.map((event: { type: string }) => event.type)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'RunApproved',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(json.events.map((event: { seq: number }) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(json.events[2]).toMatchObject({
      runId,
      type: 'RunApproved',
      at: iso(noon),
      actor: 'user:dev:ana',
    });
    expect(json.events[2].hash).toMatch(/^[0-9a-f]{64}$/);
    expect(json.events[4].payload).toMatchObject({ WorkerId: 'w1', attempt: 1 });
    expect(json.events[5].payload).toMatchObject({ Summary: 'done' });
  });

  test('a waiting run says until when', async () => {
    const there = await world();
    const { run } = (await there.call(`/runs/${await ask(there)}`)).json;
    expect(run).toMatchObject({ status: 'AwaitingApproval', attempt: null, startBy: null, summary: null });
    expect(run.decideBy).toBe(iso(noon + 30 * 60_000));
  });

  test('every state has a time of its last change', async () => {
    const there = await world();
    const heavy = await there.addJob('heavy', { heavy: true });
    expect(heavy).toMatchObject({ version: 1 });
    const seen: Record<string, string> = {};
    const look = async (runId: string): Promise<void> => {
      const { run } = (await there.call(`/runs/${runId}`)).json;
      seen[run.status] = run.updatedAt;
    };
    const runId = await ask(there, 'heavy');
    await look(runId);
    for (const [minute, words] of [`yes ${runId}`, `resume ${runId}`, `cancel ${runId}`].entries()) {
      there.clock.at = noon + (minute + 1) * 60_000;
      await there.say(words);
      await look(runId);
    }
    expect(seen).toEqual({
      AwaitingApproval: iso(noon),
      Approved: iso(noon + 60_000),
      Dispatching: iso(noon + 120_000),
      Canceled: iso(noon + 180_000),
    });
  });

  test('reads an id as people type it', async () => {
    const there = await world();
    const runId = await ask(there);
    const typed = runId.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    // An id without any other digit would be no id any more when all of its digits are typed as letters.
    const wanted = /[0-9]/.test(typed) ? typed : runId.toLowerCase();
    expect((await there.call(`/runs/${wanted}`)).json.run.runId).toBe(runId);
  });

  test.each(['ABC123', 'abc', '%zz', '..%2f..', 'x'.repeat(300), '%00', "1'--;1"])(
    '%s is no run',
    async (id) => {
      const { call } = await world();
      const { status, json, headers } = await call(`/runs/${id}`);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(json).toMatchObject({ code: 'unknown_run', status: 404, title: 'Not found' });
      expect(json.detail.length).toBeLessThan(40);
    },
  );
});

describe('GET /runs', () => {
  test('pages from the newest to the oldest', async () => {
    const there = await world();
    const asked: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      there.clock.at = noon + n * 1000;
      asked.unshift(await ask(there));
    }
    const seen: string[] = [];
    const more: boolean[] = [];
    let cursor = '';
    for (const size of [2, 2, 1]) {
      const page = (await there.call(`/runs?limit=2${cursor}`)).json;
      expect(page.runs).toHaveLength(size);
      seen.push(...page.runs.map((run: { runId: string }) => run.runId));
      cursor = `&cursor=${encodeURIComponent(page.nextCursor ?? '')}`;
      more.push(page.nextCursor !== null);
    }
    expect(seen).toEqual(asked);
    expect(more).toEqual([true, true, false]);
  });

  test('filters by status and job', async () => {
    const there = await world();
    await there.addJob('backup');
    const backup = await ask(there, 'backup');
    const denied = await ask(there);
    await there.say(`no ${denied}`);
    const ids = async (query: string): Promise<string[]> =>
      (await there.call(`/runs?${query}`)).json.runs.map((run: { runId: string }) => run.runId);
    expect(await ids('status=denied')).toEqual([denied]);
    expect(await ids('status=AwaitingApproval&job=backup')).toEqual([backup]);
    expect((await ids('status=Denied,AwaitingApproval')).toSorted()).toEqual([backup, denied].toSorted());
    expect(await ids('status=Running')).toEqual([]);
    expect(await ids('job=nothing')).toEqual([]);
  });

  test.each([
    ['status=Suceeded', 'Did you mean "Succeeded"?'],
    ['status=xyzzy', 'One of Created,'],
    ['status=', 'unknown status'],
    ['statsu=Failed', 'Did you mean "status"?'],
    ['limit=0', 'from 1 to 100'],
    ['limit=101', 'from 1 to 100'],
    ['limit=1e1', 'from 1 to 100'],
    ['limit=2&limit=3', 'given twice'],
    ['job=No%20Job', 'cannot be the key'],
    [`cursor=${'x'.repeat(201)}`, 'nextCursor'],
    ['cursor=%00', 'nextCursor'],
  ])('%s is refused in words', async (query, words) => {
    const { call } = await world();
    const { status, json } = await call(`/runs?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'bad_filter' });
    expect(json.detail).toContain(words);
  });

  test('a cursor that was never given leads nowhere', async () => {
    const there = await world();
    await ask(there);
    for (const cursor of ['nonsense', '12', '.', 'a.b', '99999999999999999999.X', '1e400.X', '-1.X']) {
      expect((await there.call(`/runs?cursor=${cursor}`)).status).toBe(200);
    }
  });
});

describe('what a token may see', () => {
  test('only runs of jobs that it may ask for, its own, or everything for a viewer', async () => {
    const there = await world();
    await there.addJob('secret', { requesters: ['role:dba'], approval: approvalBy('role:dba') });
    await there.addJob('open');
    await there.store.people.replaceFilePeople(
      [{ id: 'dora', name: 'Dora', roles: ['dba', 'operator'], identities: ['dev:dora'] }],
      noon,
    );
    const hidden = (await there.say('run secret', { from: 'dora' })).json.runId;
    const open = (await there.say('run open', { from: 'dora' })).json.runId;
    const listed = async (as: 'ana' | 'screen' | 'boss'): Promise<number> =>
      (await there.call('/runs', { as })).json.runs.length;
    expect([await listed('ana'), await listed('screen'), await listed('boss')]).toEqual([1, 2, 2]);
    expect((await there.call(`/runs/${hidden}`, { as: 'ana' })).json.code).toBe('unknown_run');
    expect((await there.call(`/runs/${open}`, { as: 'ana' })).status).toBe(200);
    expect((await there.call(`/runs/${hidden}`, { as: 'screen' })).status).toBe(200);
    expect((await there.call('/jobs', { as: 'ana' })).json.jobs).toHaveLength(1);
    expect((await there.call('/jobs/secret', { as: 'ana' })).status).toBe(404);
    // Where there is nothing, nobody was kept from seeing it.
    expect((await there.call('/jobs/nothing', { as: 'ana' })).status).toBe(404);
    expect((await there.call('/runs/ZZZZZZ', { as: 'ana' })).status).toBe(404);
    const asked = { json: { job: 'secret' }, headers: { 'idempotency-key': 'k' }, as: 'ana' } as const;
    expect((await there.call('/runs', asked)).json.code).toBe('unknown_job');
    const attempt = { kind: 'auth_refused', channel: 'http', reason: 'may_not_see', actor: 'user:http:ana' };
    expect(there.observed.filter(({ kind }) => kind === 'auth_refused')).toEqual([attempt, attempt, attempt]);
  });

  test('a requester sees the runs that it asked for, and no others', async () => {
    const there = await world();
    await there.addJob('open');
    const others = (await there.say('run open')).json.runId;
    const headers = { 'idempotency-key': 'k1' };
    const asked = await there.call('/runs', { json: { job: 'open' }, headers, as: 'ci' });
    const { runId } = asked.json.run;
    const { runs } = (await there.call('/runs', { as: 'ci' })).json;
    expect(runs.map((run: { runId: string }) => run.runId)).toEqual([runId]);
    expect((await there.call(`/runs/${runId}`, { as: 'ci' })).status).toBe(200);
    expect((await there.call(`/runs/${others}`, { as: 'ci' })).json.code).toBe('unknown_run');
  });
});

const approvalBy = (approver: string) => ({
  policy: 'required' as const,
  quorum: 1,
  approvers: [approver],
  needs: [],
  decideByMs: 60_000,
  startByMs: 60_000,
});
