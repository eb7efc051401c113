import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { noon, world } from './world.ts';

const AFAR = '192.0.2.7';
const OURS = `txo_${'a'.repeat(43)}`;
const gone = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));

/** A database that is away for everything that a request may want of it. */
const away = (store: Store): Store => ({
  ...store,
  now: gone,
  schema: gone,
  reader: { ...store.reader, figures: gone },
  tokens: { ...store.tokens, find: gone },
  people: { ...store.people, find: gone },
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` }, peer: AFAR });

/** A monitor on another machine, whatever it shows. */
const MONITORS = [
  ['no token', { peer: AFAR }],
  ['a token of the environment', { as: 'screen', peer: AFAR }],
  ['a token of the database', bearer(OURS)],
  ['a token that nobody made', bearer('b'.repeat(40))],
  ['no bearer at all', { headers: { authorization: 'Basic YTpi' }, peer: AFAR }],
] as const;

describe('while the database is away', () => {
  test.each(MONITORS)(
    'a monitor with %s hears that it is down, and nothing is a fault of ours',
    async (_who, call) => {
      const there = await world({ profile: 'production', store: away });
      const { status, json } = await there.call('/health', call);
      expect(status).toBe(503);
      expect(json.status).toBe('down');
      expect(there.observed.filter(({ kind }) => kind === 'request_failed')).toEqual([]);
    },
  );

  test.each(MONITORS)('a probe with %s hears that it is not ready', async (_who, call) => {
    const there = await world({ profile: 'production', store: away });
    expect(await there.call('/health/ready', call)).toMatchObject({
      status: 503,
      json: { status: 'not_ready', reason: 'database' },
    });
    expect(await there.call('/health/live', call)).toMatchObject({ status: 200, json: { status: 'live' } });
  });

  test('only a token that can be known without it learns the reason', async () => {
    const there = await world({ profile: 'production', store: away });
    const reasons = await Promise.all(
      MONITORS.map(async ([who, call]) => [who, (await there.call('/health', call)).json.database.reason]),
    );
    expect(Object.fromEntries(reasons)).toEqual({
      'no token': undefined,
      'a token of the environment': 'ECONNREFUSED',
      'a token of the database': undefined,
      'a token that nobody made': undefined,
      'no bearer at all': undefined,
    });
  });

  test('a database that hangs when it is asked for a token holds nobody up for ever', async () => {
    const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
    const hanging = (store: Store): Store => ({ ...store, tokens: { ...store.tokens, find: never } });
    const there = await world({ profile: 'production', store: hanging });
    await there.store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 1, at: noon });
    const { status, json } = await there.call('/health', bearer(OURS));
    expect([status, json]).toEqual([200, { status: 'ok', database: 'ok', queue: 'ok' }]);
  });
});

describe('who learns more than whether it works', () => {
  test.each([
    ['boss', true],
    ['screen', true],
    ['ana', true],
    // It asks for runs, and has no business with figures.
    ['ci', false],
  ] as const)('%s: %s', async (as, learns) => {
    const { call } = await world({ profile: 'production' });
    const { json } = await call('/health', { as, peer: AFAR });
    expect('version' in json).toBe(learns);
    expect(typeof json.database).toBe(learns ? 'object' : 'string');
  });

  test('the machine itself does, in whichever profile', async () => {
    for (const profile of ['dev', 'production'] as const) {
      const { call } = await world({ profile });
      expect((await call('/health')).json.version).toBe('1.2.3');
    }
  });

  test('but not through a proxy on it', async () => {
    const { call } = await world({ profile: 'production' });
    const { json } = await call('/health', { headers: { 'x-forwarded-for': AFAR } });
    expect(Object.keys(json)).toEqual(['status', 'database', 'queue']);
  });

  test('a bad token is no attempt to come in: whoever asks how it is may ask', async () => {
    const { call, observed } = await world({ profile: 'production' });
    expect((await call('/health', bearer('b'.repeat(40)))).status).toBe(200);
    expect(observed.filter(({ kind }) => kind === 'auth_refused')).toEqual([]);
  });
});
