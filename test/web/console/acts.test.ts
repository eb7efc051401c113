import { describe, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { buried, consoleWorld, saidTo, seated } from './browser.ts';

const stateOf = async ({ store }: World, runId: string) => (await store.runs.find([runId])).get(runId)?.state;

const eventsOf = async ({ store }: World, runId: string) =>
  (await store.runs.history(runId)).map(({ type, actor }) => `${type} ${actor}`);

const asked = async (there: World, line = 'run backup', from = 'ana'): Promise<string> =>
  String((await there.say(line, { from })).json.runId);

describe('a decision in the console', () => {
  test('is the one of a chat: the same events, signed by the account behind the browser', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const runId = await asked(there);
    const sent = await bob.send('/approvals', `/runs/${runId}/approve`);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/approvals']);
    expect(await saidTo(bob)).toContain(`Approved ${runId}`);
    expect(await eventsOf(there, runId)).toEqual([
      'RunCreated user:dev:ana',
      'ApprovalRequested system',
      'RunApproved user:web:dev:bob',
      'ExecutionDispatched system',
    ]);
  });

  test('is refused in words to whoever comes second, and names who was first', async () => {
    const there = await consoleWorld();
    const [bob, cho] = [await seated(there, 'bob'), await seated(there, 'cho')];
    const runId = await asked(there);
    const late = await cho.get('/approvals');
    await bob.send('/approvals', `/runs/${runId}/approve`);
    const token = /name="token" value="([^"]*)"/.exec(late.text)?.[1] ?? '';
    const csrf = /name="csrf" value="([^"]*)"/.exec(late.text)?.[1] ?? '';
    await cho.post(`/runs/${runId}/approve`, { token, csrf });
    expect(await saidTo(cho)).toContain('already approved by Bob');
    expect((await eventsOf(there, runId)).filter((event) => event.startsWith('RunApproved'))).toHaveLength(1);
  });

  test('does not count on a run that asks anew since the page was made', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const runId = await asked(there);
    const csrf = /name="csrf" value="([^"]*)"/.exec((await bob.get('/approvals')).text)?.[1] ?? '';
    await bob.post(`/runs/${runId}/approve`, { csrf, token: 'B'.repeat(16) });
    expect(await saidTo(bob)).toContain('out of date');
    expect((await stateOf(there, runId))?.status).toBe('AwaitingApproval');
  });

  test('says why not, if somebody says why', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const [first, second] = [await asked(there), await asked(there)];
    await bob.send(`/runs/${first}/deny`, `/runs/${first}/deny`, { reason: 'prod is\r\nin a freeze' });
    await bob.send(`/runs/${second}/deny`, `/runs/${second}/deny`);
    expect(await stateOf(there, first)).toMatchObject({ status: 'Denied', reason: 'prod is in a freeze' });
    expect(await stateOf(there, second)).toMatchObject({ status: 'Denied', by: 'Bob' });
  });

  test('on something heavy takes the name of its job, and starts nothing', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const runId = await asked(there, 'run db-migrate');
    const page = `/runs/${runId}/approve`;
    for (const confirm of ['', 'db-migrat', 'yes']) {
      await bob.send(page, page, { confirm });
      expect(await saidTo(bob)).toContain('Type db-migrate to approve it');
    }
    await bob.send(page, page, { confirm: ' db-migrate ' });
    expect((await stateOf(there, runId))?.status).toBe('Approved');
    await bob.send(`/runs/${runId}`, `/runs/${runId}/start`);
    expect((await stateOf(there, runId))?.status).toBe('Dispatching');
  });

  test('on something heavy takes somebody who signed in a moment ago', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const runId = await asked(there, 'run db-migrate');
    const page = `/runs/${runId}/approve`;
    const csrf = /name="csrf" value="([^"]*)"/.exec((await bob.get(page)).text)?.[1] ?? '';
    there.clock.at += 15 * 60_000;
    const late = await bob.post(page, { csrf, confirm: 'db-migrate', token: 'A'.repeat(16) });
    expect(late.headers.get('location')).toBe(`/login?next=${encodeURIComponent(page)}`);
    expect((await stateOf(there, runId))?.status).toBe('AwaitingApproval');
  });
});

describe('the other buttons', () => {
  test('cancel, recover and ask again, as in a chat', async () => {
    const there = await consoleWorld();
    const ana = await seated(there, 'ana');
    const runId = await asked(there);
    await there.say(`yes ${runId}`, { from: 'bob' });
    await ana.send(`/runs/${runId}`, `/runs/${runId}/cancel`);
    expect((await stateOf(there, runId))?.status).toBe('Canceled');
    await ana.send(`/runs/${runId}`, `/runs/${runId}/recover`);
    expect(await stateOf(there, runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2 });
    await there.say(`no ${runId}`, { from: 'bob' });
    const again = await ana.send(`/runs/${runId}`, `/runs/${runId}/again`);
    const [, made = ''] = /^\/runs\/(\w{6})$/.exec(again.headers.get('location') ?? '') ?? [];
    expect(made).not.toBe(runId);
    expect(await stateOf(there, made)).toMatchObject({ status: 'AwaitingApproval', jobKey: 'backup' });
  });

  test('are not shown to whoever may not press them', async () => {
    const there = await consoleWorld();
    const [ana, bob] = [await seated(there, 'ana'), await seated(there, 'bob')];
    const runId = await asked(there);
    await there.say(`no ${runId}`, { from: 'bob' });
    expect((await ana.get(`/runs/${runId}`)).text).toContain(`/runs/${runId}/again`);
    expect((await bob.get(`/runs/${runId}`)).text).not.toContain(`/runs/${runId}/again`);
  });
});

describe('asking on the page of a job', () => {
  const greet = (there: World) =>
    there.addJob('greet', {
      params: {
        who: { type: 'string', required: true, maxLength: 20 },
        times: { type: 'integer', required: false, default: 1, min: 1, max: 3 },
      },
    });

  test('makes a run that whoever asked may follow, and may approve where they sit at the machine', async () => {
    const there = await consoleWorld();
    await greet(there);
    const ana = await seated(there, 'ana');
    const sent = await ana.send('/jobs/greet', '/jobs/greet/run', { 'param.who': 'Bob', 'param.times': '' });
    const [, runId = ''] = /^\/runs\/(\w{6})$/.exec(sent.headers.get('location') ?? '') ?? [];
    expect(await stateOf(there, runId)).toMatchObject({
      params: { who: 'Bob', times: 1 },
      requester: { personId: 'dev:ana', identity: 'web:dev:ana' },
      origin: { channel: 'web', address: 'web:dev:ana' },
      selfApproval: true,
    });
    expect((await ana.get(`/runs/${runId}`)).status).toBe(200);
  });

  test('shows what was filled in with everything that is wrong about it', async () => {
    const there = await consoleWorld();
    await greet(there);
    const ana = await seated(there, 'ana');
    const fields = { 'param.who': 'x'.repeat(21), 'param.times': '9' };
    const { status, text } = await ana.send('/jobs/greet', '/jobs/greet/run', fields);
    expect(status).toBe(422);
    expect(text).toContain('who: at most 20 characters; you wrote 21.');
    expect(text).toContain('times must be between 1 and 3; you wrote 9.');
    expect(text).toContain(`value="${'x'.repeat(21)}"`);
    expect((await there.store.runs.list({ limit: 1 })).runs).toEqual([]);
  });

  test('twice with the same form makes one run', async () => {
    const there = await consoleWorld();
    const ana = await seated(there, 'ana');
    const { text } = await ana.get('/jobs/backup');
    const field = (name: string): string =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
    const form = { csrf: field('csrf'), once: field('once') };
    const sent = await Promise.all([1, 2].map(() => ana.post('/jobs/backup/run', form)));
    expect(new Set(sent.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect((await there.store.runs.list({ limit: 5 })).runs).toHaveLength(1);
  });

  test('is for whoever may ask', async () => {
    const there = await consoleWorld();
    const bob = await seated(there, 'bob');
    const { text } = await bob.get('/jobs/backup');
    expect(text).toContain('You may not ask for backup.');
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? '';
    expect((await bob.post('/jobs/backup/run', { csrf })).text).toContain('You may not ask for backup.');
    expect((await there.store.runs.list({ limit: 1 })).runs).toEqual([]);
  });
});

describe('schedules and the queue', () => {
  const nightly = async ({ store, rooms, clock }: World): Promise<void> => {
    const spec = {
      key: 'nightly',
      jobKey: 'backup',
      cron: '0 2 * * *',
      timezone: 'Europe/Berlin',
      chat: 'dev:ops',
      params: {},
      overlap: 'skip',
    } as const;
    await store.schedules.replaceFileSchedules([spec], rooms.ambient.calendar, clock.at);
  };

  test('a schedule is paused, resumed and skipped, on record', async () => {
    const there = await consoleWorld();
    await nightly(there);
    const ana = await seated(there, 'ana');
    const page = '/schedules/nightly';
    expect((await ana.get('/schedules')).text).toContain(page);
    for (const verb of ['pause', 'resume', 'skip']) await ana.send(page, `${page}/${verb}`);
    const records = (await there.store.runs.history('system')).map(({ type, actor }) => `${type} ${actor}`);
    expect(records.slice(-3)).toEqual([
      'SchedulePaused user:web:dev:ana',
      'ScheduleResumed user:web:dev:ana',
      'ScheduleSkipped user:web:dev:ana',
    ]);
    expect((await ana.get(page)).text).toContain('skipped (person)');
  });

  test('a schedule of a job that somebody may not know of is not there', async () => {
    const there = await consoleWorld();
    await nightly(there);
    const eve = await seated(there, 'eve');
    expect((await eve.get('/schedules')).text).not.toContain('nightly');
    expect((await eve.get('/schedules/nightly')).status).toBe(404);
  });

  test('the queue is paused and goes on', async () => {
    const there = await consoleWorld();
    const ana = await seated(there, 'ana');
    await ana.send('/queue', '/queue/pause');
    expect(await there.store.pauses.list()).toMatchObject([{ what: 'queue', by: 'Ana' }]);
    await ana.send('/queue', '/queue/unpause');
    expect(await there.store.pauses.list()).toEqual([]);
  });

  test('a dead letter is replayed, which asks again, or dropped with a reason', async () => {
    const there = await consoleWorld();
    const ana = await seated(there, 'ana');
    const [first, second] = [await buried(there), await buried(there)];
    const names = new Map((await there.store.deadLetters.list(5)).map(({ runId, id }) => [runId, `j${id}`]));
    await ana.send('/queue', `/queue/letters/${names.get(first)}/replay`);
    expect(await stateOf(there, first)).toMatchObject({ status: 'AwaitingApproval', epoch: 2 });
    const drop = `/queue/letters/${names.get(second)}/drop`;
    await ana.send('/queue', drop);
    expect(await saidTo(ana)).toContain('Say why');
    await ana.send('/queue', drop, { reason: 'known, disk is full' });
    expect(await there.store.deadLetters.list(5)).toEqual([]);
    expect((await ana.send('/queue', '/queue/pause')).status).toBe(303);
    expect((await ana.get('/audit')).text).toContain('DeadLetterDropped');
  });
});
