import { describe, expect, test } from 'vitest';
import { finishAttempt, startAttempt } from '../../src/core/flows/runs/attempt.ts';
import { fireSchedules } from '../../src/core/flows/schedules/fire-schedule.ts';

import { described } from './described.ts';
import { type Call, noon, type World, world } from './world.ts';

const HOUR = 3_600_000;
const OUTPUT = { head: '', tail: '', bytes: 0, sha256: '0'.repeat(64) };

/** What a worker makes of the newest run that waits for one. */
const worked = async ({ rooms, clock }: World, outcome: 'fails' | 'runs'): Promise<void> => {
  const claim = { workerId: 'w1', limit: 1, at: clock.at, leaseMs: 30_000 };
  const [claimed] = await rooms.store.queue.claim(claim);
  if (claimed === undefined) throw new Error('nothing was claimed');
  await startAttempt(rooms, 'w1')(claimed);
  const { runId, epoch, attempt } = claimed.entry;
  if (outcome === 'runs') return;
  await finishAttempt(rooms, 'w1')(
    { runId, epoch, attempt, fence: claimed.fence },
    { kind: 'failed', reason: 'exit', summary: 'disk full', output: OUTPUT },
  );
};

const SCHEDULE = {
  key: 'nightly',
  job: 'plain',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  decideBy: '1h',
  escalate: { after: '10m', to: 'role:owner' },
};

/** A house in which something of everything has happened. */
const lived = async () => {
  const there = await world();
  const { say, addJob, call, clock } = there;
  await addJob('plain');
  await addJob('heavy', { heavy: true });
  const asked = async (job: string, ...words: readonly string[]): Promise<string> => {
    const { runId } = (await say(`run ${job}`)).json;
    for (const word of words) await say(`${word} ${runId}`);
    return runId;
  };
  const runs = {
    AwaitingApproval: await asked('plain'),
    Denied: await asked('plain', 'no'),
    Canceled: await asked('plain', 'cancel'),
    Approved: await asked('heavy', 'yes'),
    Failed: await asked('plain', 'yes'),
  };
  await worked(there, 'fails');
  const Succeeded = await asked('plain', 'yes');
  await there.work();
  const Running = await asked('plain', 'yes');
  await worked(there, 'runs');
  const Dispatching = await asked('plain', 'yes');
  await call('/schedules', { json: SCHEDULE });
  clock.at = noon + HOUR;
  await fireSchedules(there.rooms)();
  return { ...there, runs: { ...runs, Succeeded, Running, Dispatching } };
};

describe('every answer has exactly the fields that are described', async () => {
  const there = await lived();
  const api = await described(there);

  test.each(Object.entries(there.runs))('a run that is %s', async (status, runId) => {
    const { json, faults } = await api.call('/runs/{id}', `/runs/${runId}`);
    expect(json.run.status).toBe(status);
    expect(faults).toEqual([]);
  });

  test.each([
    ['/runs', '/runs?limit=3'],
    ['/runs', '/runs?status=Denied,failed&job=plain'],
    ['/runs', '/runs?job=nobody'],
    ['/jobs', '/jobs'],
    ['/jobs/{key}', '/jobs/heavy'],
    ['/jobs/{key}/versions', '/jobs/heavy/versions'],
    ['/schedules', '/schedules'],
    ['/schedules/{key}', '/schedules/nightly'],
    ['/gates', '/gates'],
    ['/ai/status', '/ai/status'],
    ['/dead-letters', '/dead-letters'],
    ['/health', '/health'],
    ['/health/live', '/health/live'],
    ['/health/ready', '/health/ready'],
    ['/metrics', '/metrics'],
    ['/', '/'],
    ['/openapi.json', '/openapi.json'],
    ['/dev/outbound', '/dev/outbound?conversation=ops'],
  ])('%s (%s)', async (template, path) => {
    const { status, faults } = await api.call(template, path);
    expect(status).toBe(200);
    expect(faults).toEqual([]);
  });

  test('a schedule that has asked', async () => {
    const { json, faults } = await api.call('/schedules/{key}', '/schedules/nightly');
    expect(json.schedule.last).toMatchObject({ outcome: 'asked', runStatus: 'AwaitingApproval' });
    expect(faults).toEqual([]);
  });

  test('health as a stranger hears it', async () => {
    const { json, faults } = await api.call('/health', '/health', { peer: '192.0.2.7' });
    expect(Object.keys(json)).toEqual(['status', 'database', 'queue']);
    expect(faults).toEqual([]);
  });

  test('a message that is denied, one that is not understood, and one that is only talk', async () => {
    for (const body of ['run plain', 'no ABC123', 'frobnicate', 'thanks!']) {
      const { status, faults } = await api.call('/dev/inbound', '/dev/inbound', {
        json: { from: 'ana', conversation: 'other', body },
      });
      expect([body, status, faults]).toEqual([body, 200, []]);
    }
  });
});

describe('what is made is answered as it is described', () => {
  const KEY = { 'idempotency-key': 'once' };

  test('a run that is asked for, and the same again', async () => {
    const api = await described(await lived());
    for (let times = 0; times < 2; times += 1) {
      const asked = await api.call('/runs', '/runs', { json: { job: 'plain' }, headers: KEY, as: 'boss' });
      expect(asked).toMatchObject({ status: 201, faults: [] });
      expect(asked.headers.get('location')).toBe(`/runs/${asked.json.run.runId}`);
    }
  });

  test('a job that is made and changed, and what changed', async () => {
    const api = await described(await lived());
    const spec = { title: 'New', command: ['echo', '{n}'], params: { n: { type: 'integer', default: 1 } } };
    const made = await api.call('/jobs', '/jobs', { json: { key: 'new', ...spec }, as: 'boss' });
    expect(made).toMatchObject({ status: 201, faults: [] });
    expect(made.headers.get('location')).toBe('/jobs/new');
    const json = { ...spec, title: 'Newer', timeout: '5m' };
    expect(await api.call('/jobs/{key}', '/jobs/new', { method: 'PUT', json, as: 'boss' })).toMatchObject({
      status: 200,
      faults: [],
    });
    const versions = await api.call('/jobs/{key}/versions', '/jobs/new/versions');
    expect(versions.json.diff).toMatchObject({ from: 1, to: 2 });
    expect(versions.json.diff.changes.length).toBeGreaterThan(0);
    expect(versions.faults).toEqual([]);
  });

  test('a schedule that is changed', async () => {
    const api = await described(await lived());
    const { key: _, ...json } = { ...SCHEDULE, cron: '30 2 * * 1' };
    const changed = await api.call('/schedules/{key}', '/schedules/nightly', { method: 'PUT', json });
    expect(changed).toMatchObject({ status: 200, faults: [] });
  });

  test('a dead letter that is dropped, and one that is replayed', async () => {
    const there = await lived();
    const api = await described(there);
    const [letter] = (await there.call('/dead-letters')).json.deadLetters;
    const replayed = await api.call('/dead-letters/{id}/replay', `/dead-letters/${letter.id}/replay`, {
      method: 'POST',
    });
    expect(replayed).toMatchObject({ status: 200, faults: [] });
    await there.say(`yes ${letter.runId}`);
    await worked(there, 'fails');
    await worked(there, 'fails');
    const [again] = (await there.call('/dead-letters')).json.deadLetters;
    const dropped = await api.call('/dead-letters/{id}/drop', `/dead-letters/${again.id}/drop`, {
      json: { reason: 'done by hand' },
    });
    expect(dropped).toMatchObject({ status: 200, faults: [] });
  });
});

describe('every refusal is the problem that is described', () => {
  test.each<[string, string, Call, number]>([
    ['/runs', '/runs?limit=0', {}, 400],
    ['/runs/{id}', '/runs/ABC123', {}, 404],
    ['/runs', '/runs', { json: { job: 'demo' } }, 400],
    ['/runs', '/runs', { json: {}, headers: { 'idempotency-key': 'k' } }, 400],
    ['/runs', '/runs', { json: { job: 'nope' }, headers: { 'idempotency-key': 'k' } }, 404],
    ['/runs', '/runs', { method: 'POST', body: '{', headers: { 'idempotency-key': 'k' } }, 415],
    ['/runs', '/runs', { as: 'ana', headers: { host: 'evil.example' } }, 403],
    ['/jobs', '/jobs', { json: { key: 'x', title: 'T', command: ['id'] }, as: 'ana' }, 403],
    ['/jobs', '/jobs', { json: { key: 'plain', title: 'T', target: { kind: 'demo' } } }, 422],
    ['/jobs', '/jobs', { json: { key: 'x', title: 'T' } }, 422],
    ['/schedules', '/schedules', { json: { key: 'x' } }, 422],
    ['/gates', '/gates', { as: 'ci' }, 403],
    ['/metrics', '/metrics', { peer: '192.0.2.7' }, 401],
    ['/dead-letters/{id}/drop', '/dead-letters/j1/drop', { json: { reason: 'x' } }, 404],
    ['/dev/outbound', '/dev/outbound', {}, 400],
    ['/dev/inbound', '/dev/inbound', { json: {}, peer: '192.0.2.7' }, 403],
  ])('%s: %s', async (template, path, call, expected) => {
    const { status, headers, faults, json } = await (await described(await world())).call(
      template,
      path,
      call,
    );
    expect(status).toBe(expected);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json.instance).toBe(path.split('?')[0]);
    expect(faults).toEqual([]);
  });
});

describe('nothing is taken that the description refuses', () => {
  const BODIES: readonly unknown[] = [
    null,
    [],
    'run demo',
    {},
    { job: 5 },
    { job: null },
    { job: 'demo', jobs: 'demo' },
    { job: 'demo', params: [] },
    { job: 'demo', params: null },
    { jobKey: 'demo', extra: true },
    { params: {} },
    JSON.parse('{"job":"demo","__proto__":{}}'),
  ];

  test.each(BODIES.map((body) => [JSON.stringify(body), body] as const))(
    'POST /runs: %s',
    async (_text, body) => {
      const there = await world();
      const { takes } = await described(there);
      expect(takes('/runs', 'post', body)).toBe(false);
      const { status } = await there.call('/runs', { json: body, headers: { 'idempotency-key': 'k' } });
      expect(status).toBe(400);
    },
  );

  test.each([{ job: 'demo' }, { jobKey: 'demo' }, { job: 'demo', jobKey: 'demo', params: {} }])(
    'POST /runs takes %j',
    async (body) => {
      const there = await world();
      await there.addJob('demo');
      const { takes } = await described(there);
      expect(takes('/runs', 'post', body)).toBe(true);
      const { status } = await there.call('/runs', { json: body, headers: { 'idempotency-key': 'k' } });
      expect(status).toBe(201);
    },
  );

  test.each<[string, unknown]>([
    ['{}', {}],
    ['a number', { reason: 4 }],
    ['one more field', { reason: 'x', why: 'y' }],
  ])('a reason to drop is not %s', async (_what, body) => {
    const there = await world();
    const { takes } = await described(there);
    expect(takes('/dead-letters/{id}/drop', 'post', body)).toBe(false);
    expect((await there.call('/dead-letters/j1/drop', { json: body })).status).toBe(400);
  });
});
