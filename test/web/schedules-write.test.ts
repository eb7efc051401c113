import { describe, expect, test } from 'vitest';
import { fireSchedules } from '../../src/core/flows/schedules/fire-schedule.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { noon, type World, world } from './world.ts';

const HOURLY = {
  key: 'hourly',
  job: 'tick',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  params: {},
  overlap: 'queue',
  decideBy: '1h',
  escalate: { after: '20m', to: 'role:owner' },
};

const open = async (options: Parameters<typeof world>[0] = {}): Promise<World> => {
  const there = await world(options);
  await there.addJob('tick');
  return there;
};

const records = async ({ store }: World) =>
  (await store.runs.history('system'))
    .filter(({ type }) => type !== 'JobCreated')
    .map(({ type, actor, payload }) => ({ type, actor, payload }));

const iso = (hours: number): string => new Date(noon + hours * 3_600_000).toISOString();

describe('schedules over HTTP', () => {
  test('one that is made can be shown, asks, and is on record', async () => {
    const there = await open();
    const { call, store, clock, rooms } = there;
    const created = await call('/schedules', { json: HOURLY });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/schedules/hourly');
    expect(created.json.schedule).toMatchObject({ ...HOURLY, source: 'api', next: iso(1) });
    const shown = await call('/schedules/hourly');
    expect(shown.json).toEqual(created.json);
    const { Schedule } = (await call('/openapi.json')).json.components.schemas;
    expect(Object.keys(shown.json.schedule).toSorted()).toEqual(Schedule.required.toSorted());
    expect(await records(there)).toEqual([
      {
        type: 'ScheduleCreated',
        actor: 'user:dev:api',
        payload: {
          schedule: 'hourly',
          job: 'tick',
          cron: '0 * * * *',
          timezone: 'Europe/Berlin',
          chat: 'dev:ops',
          params: {},
        },
      },
    ]);
    clock.at += 3_600_000;
    await fireSchedules(rooms)();
    expect((await store.runs.list({ limit: 5 })).runs).toMatchObject([
      { state: { jobKey: 'tick', approval: { decideByMs: 3_600_000 } } },
    ]);
  });

  test('what is shown can be sent back, and what is left out falls back to the default', async () => {
    const there = await open();
    const { call } = there;
    await call('/schedules', { json: HOURLY });
    const { key, job, cron, timezone, chat, params, overlap, decideBy, escalate } = (
      await call('/schedules/hourly')
    ).json.schedule;
    const same = { key, job, cron, timezone, chat, params, overlap, decideBy, escalate };
    const again = await call('/schedules/hourly', { method: 'PUT', json: same });
    expect(again.json.schedule).toMatchObject(HOURLY);
    const plain = { job: 'tick', cron: '30 * * * *', chat: 'dev:elsewhere' };
    const changed = await call('/schedules/hourly', { method: 'PUT', json: plain });
    expect(changed.status).toBe(200);
    expect(changed.json.schedule).toMatchObject({
      ...plain,
      timezone: 'UTC',
      overlap: 'skip',
      decideBy: null,
      escalate: null,
      next: iso(0.5),
    });
    expect((await records(there)).map(({ type }) => type)).toEqual([
      'ScheduleCreated',
      'ScheduleChanged',
      'ScheduleChanged',
    ]);
  });

  test('one of the file is changed only in the file, whatever is sent and whoever sends it', async () => {
    const { call, store } = await open();
    const spec = {
      ...HOURLY,
      jobKey: 'tick',
      overlap: 'skip' as const,
      escalate: { afterMs: 1, to: 'dev:b' },
    };
    await store.schedules.replaceFileSchedules([spec], calendar, noon);
    for (const json of [HOURLY, { crn: 'x' }]) {
      for (const more of [{}, { as: 'boss' as const }, { as: 'ana' as const }]) {
        const refused = await call('/schedules/hourly', { method: 'PUT', json, ...more });
        expect(refused.json).toMatchObject({
          status: 409,
          code: 'schedule_of_file',
          detail: 'A schedule that comes from the file is changed only in the file.',
        });
      }
    }
    expect((await call('/schedules', { json: HOURLY })).json).toMatchObject({ code: 'schedule_exists' });
  });

  test('everything that is wrong with a body is said at once', async () => {
    const { call } = await open();
    const wrong = await call('/schedules', {
      json: { ...HOURLY, chat: 'pigeon:7', overlap: 'never', decideBy: 'soon', cronn: 1 },
    });
    expect(wrong.json).toMatchObject({ status: 422, code: 'invalid_schedule' });
    expect(wrong.json.problems).toHaveLength(4);
    const keyless = await call('/schedules', { json: { ...HOURLY, key: 'No Key', overlap: 'never' } });
    expect(keyless.json).toMatchObject({ status: 400, code: 'invalid_body' });
    expect(keyless.json.problems).toHaveLength(2);
    const timing = await call('/schedules', { json: { ...HOURLY, cron: '0 26 * * *' } });
    expect(timing.json.detail).toContain('hour "26" at character 3 is none');
    expect((await call('/schedules')).json.schedules).toEqual([]);
  });

  test('values of parameters are held against the job', async () => {
    const { call, addJob } = await open();
    await addJob('sized', { params: { hosts: { type: 'integer', required: true, min: 1, max: 8 } } });
    const sized = { ...HOURLY, key: 'sized', job: 'sized' };
    expect((await call('/schedules', { json: sized })).json).toMatchObject({ code: 'invalid_params' });
    const made = await call('/schedules', { json: { ...sized, params: { hosts: 3 } } });
    expect(made.json.schedule.params).toEqual({ hosts: 3 });
    expect((await call('/schedules', { json: { ...HOURLY, job: 'tik' } })).json).toMatchObject({
      code: 'unknown_job',
      detail: 'No job called "tik". Did you mean "tick"?',
    });
  });

  test('it takes an operator who may ask for the job, also for what it was before', async () => {
    const { call, addJob } = await open({ profile: 'production' });
    await addJob('locked', { requesters: ['role:owner'] });
    const locked = { ...HOURLY, key: 'locked', job: 'locked' };
    expect((await call('/schedules', { json: HOURLY })).status).toBe(401);
    expect((await call('/schedules', { json: HOURLY, as: 'screen' })).json.code).toBe('permission_needed');
    expect((await call('/schedules', { json: locked, as: 'ana' })).json.code).toBe('unknown_job');
    expect((await call('/schedules', { json: locked, as: 'boss' })).status).toBe(201);
    expect((await call('/schedules', { json: HOURLY, as: 'ana' })).status).toBe(201);
    expect((await call('/schedules/locked', { as: 'ana' })).json.code).toBe('unknown_schedule');
    const stolen = await call('/schedules/locked', {
      method: 'PUT',
      json: { ...HOURLY, key: 'locked' },
      as: 'ana',
    });
    expect(stolen.json.code).toBe('unknown_schedule');
    expect((await call('/schedules/hourli', { as: 'ana' })).json.detail).toBe(
      'No schedule called "hourli". Did you mean "hourly"?',
    );
  });

  test('only JSON is taken, and a key never changes', async () => {
    const { call } = await open();
    const form = await call('/schedules', { method: 'POST', body: 'key=x' });
    expect(form.json.code).toBe('unsupported_media_type');
    await call('/schedules', { json: HOURLY });
    const renamed = await call('/schedules/hourly', { method: 'PUT', json: { ...HOURLY, key: 'daily' } });
    expect(renamed.json.code).toBe('key_mismatch');
  });

  test('what was paused in a chat stays paused', async () => {
    const { call, say } = await open();
    await call('/schedules', { json: HOURLY });
    await say('schedule pause hourly');
    const changed = await call('/schedules/hourly', {
      method: 'PUT',
      json: { ...HOURLY, cron: '5 * * * *' },
    });
    expect(changed.json.schedule).toMatchObject({ next: null, paused: { by: 'Ana' } });
    await say('schedule drop hourly');
    expect((await call('/schedules/hourly')).status).toBe(404);
    expect((await call('/schedules', { json: HOURLY })).status).toBe(201);
  });
});
