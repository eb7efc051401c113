import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const ID = /[0-9A-HJKMNP-TV-Z]{6}/;

describe('the dev door', () => {
  test('asks and starts in the words of the contract (F017, F018)', async () => {
    const { say } = await world();
    const asked = await say('run demo', { providerMessageId: 'm1' });
    const { runId } = asked.json;
    expect(runId).toMatch(ID);
    expect(asked.status).toBe(200);
    expect(asked.json).toEqual({
      intentType: 'RunJob',
      jobKey: 'demo',
      runId,
      dispatchedExecution: false,
      outbound: [
        {
          body: `Job "demo" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`,
          correlationId: runId,
          idempotencyKey: `approval-request:${runId}`,
          channelId: 'dev',
          conversation: 'dev:ops',
        },
      ],
    });
    const approved = await say(`yes ${runId}`, { providerMessageId: 'm2' });
    expect(approved.json).toEqual({
      intentType: 'ApproveRun',
      jobKey: null,
      runId,
      dispatchedExecution: true,
      outbound: [
        {
          body: `Approved. Starting run ${runId} for job "demo"…`,
          correlationId: runId,
          idempotencyKey: `approved-starting:${runId}`,
          channelId: 'dev',
          conversation: 'dev:ops',
        },
      ],
    });
  });

  test('a repeated providerMessageId has no second effect (F013)', async () => {
    const { say, call } = await world();
    const { runId } = (await say('run demo', { providerMessageId: 'm1' })).json;
    const again = await say('run demo', { providerMessageId: 'm1' });
    expect(again.json).toEqual({
      intentType: 'RunJob',
      jobKey: null,
      runId: null,
      dispatchedExecution: false,
      outbound: [],
    });
    expect((await call('/runs')).json.runs).toHaveLength(1);
    expect((await call(`/runs/${runId}`)).json.events).toHaveLength(2);
  });

  test('ten copies at once make one run', async () => {
    const { say, call } = await world();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => say('run demo', { providerMessageId: 'm1' })),
    );
    expect(answers.filter((answer) => answer.json.runId !== null)).toHaveLength(1);
    expect((await call('/runs')).json.runs).toHaveLength(1);
  });

  test('two messages without an id are two messages (F014)', async () => {
    const { say } = await world();
    const first = await say('run demo');
    const second = await say('run demo');
    expect(first.json.runId).not.toBe(second.json.runId);
  });

  test('a denial names the run and starts nothing', async () => {
    const { say, call } = await world();
    const { runId } = (await say('run demo')).json;
    const denied = await say(`no ${runId} wrong day`);
    expect(denied.json).toMatchObject({
      intentType: 'DenyRun',
      jobKey: null,
      runId,
      dispatchedExecution: false,
    });
    expect((await call(`/runs/${runId}`)).json.run.status).toBe('Denied');
  });

  test.each([
    ['status', 'Status'],
    ['jobs', 'Jobs'],
    ['bkup', 'Unknown'],
    ['thanks', 'Unknown'],
    ['', 'Unknown'],
    ['run de\u0000mo', 'Unknown'],
    ['constructor', 'Unknown'],
    ['__proto__', 'Unknown'],
  ])('%j is read as %s and has no job', async (body, intentType) => {
    const { say } = await world();
    const answer = await say(body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ intentType, jobKey: null, dispatchedExecution: false });
  });

  test('an answer that belongs to no run is correlated with its message', async () => {
    const { say } = await world();
    const { outbound } = (await say('jobs', { providerMessageId: 'm7' })).json;
    expect(outbound[0]).toMatchObject({ correlationId: 'm7', idempotencyKey: 'reply:dev:dev:m7' });
  });

  test('a conversation may be named as an answer named it', async () => {
    const { say } = await world();
    const { outbound } = (await say('run demo', { conversation: 'dev:ops', from: 'dev:ana' })).json;
    expect(outbound[0].conversation).toBe('dev:ops');
  });

  test('a near miss is not started, an unknown word is the demo (F068)', async () => {
    const { say, addJob } = await world();
    await addJob('backup');
    const near = (await say('run bakup')).json;
    expect(near).toMatchObject({ jobKey: null, runId: null });
    expect(near.outbound[0].body).toBe('No job called "bakup". Did you mean "backup"?');
    expect((await say('run somethingelse')).json.jobKey).toBe('somethingelse');
  });

  test('hidden characters and endless texts are refused in words, without effect', async () => {
    const { say, call } = await world();
    const nul = await say('run de\u0000mo');
    expect(nul.json.outbound[0].body).toContain('U+0000');
    const bidi = await say('run \u202Eomed');
    expect(bidi.json.outbound[0].body).toContain('U+202E');
    const long = await say(`run demo note=${'x'.repeat(200_000)}`);
    expect(long.status).toBe(200);
    expect(long.json.intentType).toBe('Unknown');
    expect(long.json.outbound[0].body).toContain('the limit is 4096');
    expect((await call('/runs')).json.runs).toEqual([]);
  });

  test('the seats have the rights of the contract', async () => {
    const { say } = await world();
    const { runId } = (await say('run demo', { from: 'ana' })).json;
    expect((await say(`yes ${runId}`, { from: 'eve' })).json.dispatchedExecution).toBe(false);
    expect((await say(`yes ${runId}`, { from: 'bob' })).json.dispatchedExecution).toBe(true);
  });

  test('every message is observed', async () => {
    const { say, observed } = await world();
    await say('run demo', { providerMessageId: 'm1' });
    await say('run demo', { providerMessageId: 'm1' });
    expect(observed.filter(({ kind }) => kind === 'message_handled')).toHaveLength(1);
    expect(observed.filter(({ kind }) => kind === 'message_duplicate')).toHaveLength(1);
  });

  test('answers this machine only', async () => {
    const { call } = await world();
    const json = { from: 'ana', conversation: 'ops', body: 'run demo' };
    for (const peer of ['192.168.1.9', '10.0.0.1', '2001:db8::1', '']) {
      const answer = await call('/dev/inbound', { json, peer });
      expect(answer.status).toBe(403);
      expect(answer.json.code).toBe('loopback_only');
    }
    for (const peer of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      expect((await call('/dev/inbound', { json, peer })).status).toBe(200);
    }
  });

  test('a request that a proxy passed on does not come from this machine', async () => {
    const { call } = await world();
    const json = { from: 'ana', conversation: 'ops', body: 'run demo' };
    const answer = await call('/dev/inbound', { json, headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(answer.json.code).toBe('loopback_only');
  });

  test('does not exist in production, not even for an owner', async () => {
    const { call } = await world({ profile: 'production' });
    const json = { from: 'ana', conversation: 'ops', body: 'run demo' };
    expect((await call('/dev/inbound', { json, as: 'boss' })).status).toBe(404);
    expect((await call('/dev/inbound', { json })).status).toBe(401);
  });
});

describe('what the dev door says later', () => {
  const told = { id: 41, body: 'Run ABC123 succeeded: done', runId: 'ABC123', key: 'succeeded:ABC123:1' };

  test('comes as it was sent, with the number to go on from', async () => {
    const asked: unknown[] = [];
    const { call } = await world({
      recentDev: (conversation, afterId) => {
        asked.push([conversation, afterId]);
        return Promise.resolve([told]);
      },
    });
    const answer = await call('/dev/outbound?conversation=dev:ops&after=7');
    expect(asked).toEqual([['ops', 7]]);
    expect(answer.json).toEqual({
      outbound: [
        {
          id: 41,
          body: told.body,
          correlationId: 'ABC123',
          idempotencyKey: told.key,
          channelId: 'dev',
          conversation: 'dev:ops',
        },
      ],
      after: 41,
    });
  });

  test('is waited for only by who knows where it stands', async () => {
    const waits: boolean[] = [];
    const { call } = await world({
      recentDev: (_conversation, _afterId, signal) => {
        waits.push(!signal.aborted);
        return Promise.resolve([]);
      },
    });
    expect((await call('/dev/outbound?conversation=ops')).json).toEqual({ outbound: [], after: 0 });
    expect((await call('/dev/outbound?conversation=ops&after=9')).json).toEqual({ outbound: [], after: 9 });
    expect(waits).toEqual([false, true]);
  });

  test.each(['', '?conversation=', '?conversation=ops&after=x', `?conversation=${'x'.repeat(201)}`])(
    '%j is refused',
    async (query) => {
      const { call } = await world();
      expect((await call(`/dev/outbound${query}`)).json).toMatchObject({
        status: 400,
        code: 'invalid_query',
      });
    },
  );
});
