import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import type { HostFigures } from '../../src/web/web-deps.ts';
import { noon, world } from './world.ts';

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

const withoutDatabase = (store: Store): Store => ({
  ...store,
  now: () =>
    Promise.reject(Object.assign(new Error('connect to db.internal as root'), { code: 'ECONNREFUSED' })),
});

const withoutFigures = (store: Store): Store => ({
  ...store,
  reader: { ...store.reader, figures: () => Promise.reject(new Error('no such table: queue')) },
});

const hanging = (store: Store): Store => ({ ...store, now: never });

const hourly = {
  key: 'hourly',
  jobKey: 'demo',
  cron: '0 * * * *',
  timezone: 'UTC',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
} as const;

describe('GET /health', () => {
  test('says how everything is (F085)', async () => {
    const { call, store } = await world({
      channels: () => [{ channel: 'telegram', state: 'ok', lastHeardMs: noon - 3000 }],
    });
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon - 2000 });
    const { status, json } = await call('/health');
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'ok',
      database: { status: 'ok', latency_ms: expect.any(Number), kind: 'sqlite', schema: expect.any(Number) },
      queue: { status: 'ok', ready: 0, oldest_s: 0, running: 0, stale: 0 },
      workers: { status: 'ok', up: 1, oldest_beat_s: 2 },
      scheduler: { status: 'ok', lag_s: 0 },
      telegram: { status: 'ok', last_heard_s: 3 },
      version: '1.2.3',
      uptime_s: 60,
    });
  });

  test('a deaf channel or a missing worker is degraded, which is no reason to restart', async () => {
    const { call } = await world({
      channels: () => [{ channel: 'telegram', state: 'degraded', reason: 'conflict_409' }],
    });
    const { status, json } = await call('/health');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'degraded',
      workers: { status: 'down', up: 0 },
      telegram: { status: 'degraded', reason: 'conflict_409', hint: 'textops doctor looks further' },
    });
  });

  test('a channel that another process has is no trouble', async () => {
    const { call, store, clock } = await world({
      channels: () => [{ channel: 'telegram', state: 'standby', reason: 'another process polls (box-k3x9)' }],
    });
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: clock.at });
    expect((await call('/health')).json).toMatchObject({
      status: 'ok',
      telegram: { status: 'standby', reason: 'another process polls (box-k3x9)' },
    });
  });

  test('work that nobody takes degrades the queue', async () => {
    const { call, say, store, clock } = await world();
    const { runId } = (await say('run demo')).json;
    await say(`yes ${runId}`);
    clock.at += 5 * 60_000;
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: clock.at });
    expect((await call('/health')).json).toMatchObject({
      status: 'degraded',
      queue: { status: 'degraded', ready: 1, oldest_s: 300 },
    });
  });

  test.each([
    [0, { status: 'ok', lag_s: 0, next: new Date(noon + 3_600_000).toISOString() }],
    [3_661_000, { status: 'degraded', lag_s: 61 }],
  ])('a timetable that nobody looks at is degraded (%d ms later)', async (later, scheduler) => {
    const { call, store, clock } = await world();
    await store.schedules.replaceFileSchedules([hourly], calendar, noon);
    clock.at += later;
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: clock.at });
    expect((await call('/health')).json).toMatchObject({ status: scheduler.status, scheduler });
  });

  test('without the database it is down, and nothing about the driver is told', async () => {
    const { call } = await world({ store: withoutDatabase });
    const { status, json, text } = await call('/health');
    expect(status).toBe(503);
    expect(json).toMatchObject({
      status: 'down',
      database: { status: 'down', reason: 'ECONNREFUSED' },
      queue: { status: 'down' },
    });
    expect(text).not.toMatch(/db\.internal|root/);
  });

  test('without the queue it is down', async () => {
    const { call } = await world({ store: withoutFigures });
    const { status, json } = await call('/health');
    expect(status).toBe(503);
    expect(json).toMatchObject({ database: { status: 'ok' }, queue: { status: 'down', reason: 'failed' } });
  });

  test('a database that does not answer is down after a second', async () => {
    const { call } = await world({ store: hanging });
    const started = performance.now();
    const { status, json } = await call('/health');
    expect(status).toBe(503);
    expect(json.database.reason).toBe('no answer in 1 s');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test.each([
    ['another machine', { peer: '192.168.1.9' }],
    ['behind a proxy', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
    ['a wrong token from afar', { peer: '192.168.1.9', headers: { authorization: 'Bearer nonsense' } }],
  ])('%s learns the words only', async (_what, more) => {
    const { call } = await world({ profile: 'production' });
    expect((await call('/health', more)).json).toEqual({
      status: 'degraded',
      database: 'ok',
      queue: 'ok',
    });
  });

  test('a token learns everything from anywhere', async () => {
    const { call } = await world({ profile: 'production' });
    expect((await call('/health', { peer: '192.168.1.9', as: 'screen' })).json.version).toBe('1.2.3');
  });

  test('the database is asked every two seconds, however often we are', async () => {
    let asked = 0;
    let nowMs = 0;
    const counting = (store: Store): Store => ({
      ...store,
      reader: {
        ...store.reader,
        figures: (at) => {
          asked += 1;
          return store.reader.figures(at);
        },
      },
    });
    const { call } = await world({ store: counting, monotonicMs: () => nowMs });
    await Promise.all(Array.from({ length: 20 }, () => call('/health')));
    nowMs = 1999;
    await call('/health');
    expect(asked).toBe(1);
    nowMs = 2000;
    await call('/health');
    expect(asked).toBe(2);
  });
});

const host = (more: Partial<HostFigures> = {}): HostFigures => ({
  commit: 'a1b2c3d4e5f6',
  configHash: () => '9f31c0a1b2c3',
  freeMb: () => Promise.resolve(18_211),
  backupAt: () => Promise.resolve(noon - 9 * 3_600_000),
  ...more,
});

describe('what the process leans on', () => {
  test('is told with commit and configuration', async () => {
    const { call, store } = await world({ host: host() });
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon });
    expect((await call('/health')).json).toMatchObject({
      status: 'ok',
      disk: { status: 'ok', free_mb: 18_211 },
      backup: { status: 'ok', age_h: 9, verified: true },
      commit: 'a1b2c3d4e5f6',
      config_hash: '9f31c0a1b2c3',
    });
  });

  test.each([
    [
      'a disk that is nearly full',
      { freeMb: () => Promise.resolve(999) },
      { disk: { status: 'degraded', free_mb: 999 } },
    ],
    [
      'a disk that cannot be looked at',
      { freeMb: () => Promise.reject(Object.assign(new Error('/secret/place'), { code: 'EACCES' })) },
      { disk: { status: 'degraded', reason: 'EACCES' } },
    ],
    [
      'a backup of the day before yesterday',
      { backupAt: () => Promise.resolve(noon - 27 * 3_600_000) },
      { backup: { status: 'degraded', age_h: 27, verified: true } },
    ],
    [
      'a backup that nobody can read about',
      { backupAt: () => Promise.reject(new Error('nonsense')) },
      { backup: { status: 'degraded', reason: 'failed' } },
    ],
  ])('%s is degraded, and no reason to restart', async (_what, more, parts) => {
    const { call, store } = await world({ host: host(more) });
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon });
    const { status, json } = await call('/health');
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'degraded', ...parts });
  });

  test('a backup that was never made is no trouble of today', async () => {
    const { call, store } = await world({ host: host({ backupAt: () => Promise.resolve(undefined) }) });
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: noon });
    expect((await call('/health')).json).toMatchObject({ status: 'ok', backup: { verified: false } });
  });

  test('without the database the rest is told all the same', async () => {
    const { call } = await world({ host: host(), store: withoutDatabase });
    expect((await call('/health')).json).toMatchObject({
      status: 'down',
      disk: { status: 'ok' },
      backup: { status: 'ok', verified: true },
    });
  });
});

describe('the schema', () => {
  const lacking = (store: Store): Store => ({
    ...store,
    schema: () => Promise.resolve({ applied: 3, fits: false }),
  });

  test('that lacks a migration is not ready, and no reason to restart', async () => {
    const { call } = await world({ store: lacking });
    const ready = await call('/health/ready');
    expect([ready.status, ready.json]).toEqual([503, { status: 'not_ready', reason: 'schema' }]);
    const { status, json } = await call('/health');
    expect(status).toBe(200);
    expect(json.database).toMatchObject({
      status: 'degraded',
      schema: 3,
      reason: 'the schema lacks migrations',
    });
  });

  test('that cannot be read is a database that is down', async () => {
    const unread = (store: Store): Store => ({ ...store, schema: () => Promise.reject(new Error('gone')) });
    const { call } = await world({ store: unread });
    expect((await call('/health')).json.database).toMatchObject({ status: 'down', reason: 'failed' });
  });
});

describe('the probes', () => {
  test('live asks for nothing', async () => {
    const { call } = await world({ store: hanging, profile: 'production' });
    expect((await call('/health/live')).json).toEqual({ status: 'live' });
  });

  test('ready means database, and neither starting nor stopping', async () => {
    let ready = true;
    const { call } = await world({ ready: () => ready });
    expect((await call('/health/ready')).status).toBe(200);
    ready = false;
    expect((await call('/health/ready')).status).toBe(503);
    const broken = await world({ store: withoutDatabase });
    expect((await broken.call('/health/ready')).json).toEqual({ status: 'not_ready', reason: 'database' });
  });
});
