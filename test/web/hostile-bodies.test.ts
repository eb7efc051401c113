import { describe, expect, test } from 'vitest';
import { BODY_MAX } from '../../src/web/api/read-json.ts';
import { type Call, world } from './world.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const KEY = { ...JSON_TYPE, 'idempotency-key': 'k' };

/** Every route that takes a body, with one that it would take up to what is planted in it. */
const DOORS: readonly (readonly [method: string, path: string, body: string])[] = [
  ['POST', '/runs', '{"job":"hello","params":{}@}'],
  ['POST', '/runs', '{"job":"hello","params":{"name":"x"#}}'],
  ['POST', '/jobs', '{"key":"new","title":"T","command":["id"]@}'],
  ['POST', '/jobs', '{"key":"new","title":"T","command":["id"],"params":{"a":{"type":"string"}#}}'],
  ['PUT', '/jobs/hello', '{"title":"T","command":["id"]@}'],
  ['POST', '/schedules', '{"key":"s","job":"hello","cron":"0 2 * * *","chat":"dev:ops"@}'],
  ['POST', '/schedules', '{"key":"s","job":"hello","cron":"0 2 * * *","chat":"dev:ops","params":{"a":"b"#}}'],
  ['POST', '/dead-letters/j1/drop', '{"reason":"x"@}'],
];

const planted = (body: string, more: string): string =>
  body.replace('@', `,${more}`).replace('{}#', `{${more}}`).replace('#', `,${more}`);

const house = async () => {
  const there = await world({ profile: 'production' });
  await there.addJob('hello');
  const state = async () => ({
    runs: (await there.call('/runs', { as: 'boss' })).json.runs,
    jobs: (await there.call('/jobs', { as: 'boss' })).json.jobs,
    schedules: (await there.call('/schedules', { as: 'boss' })).json.schedules,
  });
  const send = (method: string, path: string, body: Call['body']) =>
    there.call(path, { method, headers: KEY, as: 'boss', ...(body === undefined ? {} : { body }) });
  return { ...there, state, send };
};

describe('a body with a field that no object should have is refused and changes nothing', () => {
  test.each(DOORS)('%s %s: %s', async (method, path, body) => {
    const { state, send, observed } = await house();
    const before = await state();
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const { status, json } = await send(method, path, planted(body, `"${name}":{"isAdmin":true}`));
      expect([status, json.code]).toEqual([400, 'invalid_body']);
      expect(json.detail).toContain('__proto__');
    }
    expect(await state()).toEqual(before);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(observed.filter(({ kind }) => kind === 'request_failed')).toEqual([]);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    '%s is a name like any that means nothing',
    async (name) => {
      const { send, state } = await house();
      const before = await state();
      for (const [method, path, body] of DOORS) {
        const { status } = await send(method, path, planted(body, `"${name}":"x"`));
        expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      }
      expect(await state()).toEqual(before);
    },
  );
});

describe('bytes that are no JSON', () => {
  test.each<[string, Call['body']]>([
    ['nothing', ''],
    ['half an object', '{"job":"hello"'],
    ['two objects', '{"job":"hello"}{"job":"hello"}'],
    ['a comment', '{"job":"hello"} // now'],
    ['single quotes', "{'job':'hello'}"],
    ['a number that is none', '{"job":"hello","params":{"n":NaN}}'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['UTF-16', new Uint8Array(Buffer.from('{"job":"hello"}', 'utf16le'))],
    ['half a pair', '{"job":"hello","params":{"n":"\\ud83d"}}'],
    ['half a pair as a name', '{"job":"hello","params":{"\\udc00":"n"}}'],
    ['a tower of brackets', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('%s is refused as that', async (_what, body) => {
    const { send, observed } = await house();
    for (const path of ['/runs', '/jobs', '/schedules']) {
      const { status, json } = await send('POST', path, body);
      expect([path, status, json.code]).toEqual([path, 400, 'malformed_json']);
    }
    expect(observed.filter(({ kind }) => kind === 'request_failed')).toEqual([]);
  });

  test('a mark of the byte order in front of it is no fault', async () => {
    const { send } = await house();
    const { status } = await send('POST', '/runs', '\uFEFF{"job":"hello"}');
    expect(status).toBe(201);
  });
});

describe('the size of a body', () => {
  /** A message of exactly so many bytes, most of them of two-byte letters. */
  const ofBytes = (bytes: number): string => {
    const empty = '{"job":"hello","params":{"n":""}}';
    const left = bytes - empty.length;
    return empty.replace('""', `"${'ü'.repeat(Math.floor(left / 2))}${'u'.repeat(left % 2)}"`);
  };

  test.each([
    [BODY_MAX, 400],
    [BODY_MAX + 1, 413],
    [BODY_MAX + 2, 413],
  ])('%i bytes are answered %i', async (bytes, expected) => {
    const { send } = await house();
    const body = ofBytes(bytes);
    expect(Buffer.byteLength(body)).toBe(bytes);
    const { status, json } = await send('POST', '/runs', body);
    // One that is let through is read, and found to have a parameter that is too long.
    expect([status, json.code]).toEqual([expected, expected === 413 ? 'body_too_large' : 'invalid_body']);
  });

  test.each(['abc', '-1', '0', '99999999999999999999'])(
    'is counted, whatever is announced (%s)',
    async (announced) => {
      const { call } = await house();
      const headers = { ...KEY, 'content-length': announced };
      const { status } = await call('/runs', {
        method: 'POST',
        body: ofBytes(BODY_MAX + 1),
        headers,
        as: 'boss',
      });
      expect(status).toBe(413);
    },
  );

  test('whoever may not come in hears that, and not how large a body may be', async () => {
    const { call } = await house();
    const body = ofBytes(BODY_MAX + 1);
    const { status } = await call('/runs', { method: 'POST', body, headers: KEY, peer: '192.0.2.7' });
    expect(status).toBe(401);
  });
});

describe('values of parameters', () => {
  const params = {
    text: { type: 'string', required: false },
    count: { type: 'integer', required: false },
    flag: { type: 'boolean', required: false },
  } as const;

  const asking = async (given: string) => {
    const there = await world();
    await there.addJob('typed', { params });
    const body = `{"job":"typed","params":${given}}`;
    return there.call('/runs', { method: 'POST', body, headers: KEY });
  };

  test.each([
    ['{"count":3}', { count: 3 }],
    ['{"count":"3"}', { count: 3 }],
    ['{"count":-0}', { count: 0 }],
    ['{"count":3.0}', { count: 3 }],
    ['{"flag":true}', { flag: true }],
    ['{"flag":1}', { flag: true }],
    ['{"flag":"false"}', { flag: false }],
    ['{"text":"ü ⏳"}', { text: 'ü ⏳' }],
    ['{"text":5}', { text: '5' }],
    // Of a name that comes twice the last one counts, as everywhere in JSON.
    ['{"count":1,"count":2}', { count: 2 }],
  ])('%s is %j', async (given, expected) => {
    const { status, json } = await asking(given);
    expect([status, json.run?.params]).toEqual([201, expected]);
  });

  test.each([
    ['{"count":3.5}', 422],
    ['{"count":1e21}', 422],
    ['{"count":1e999}', 400],
    ['{"count":""}', 422],
    ['{"count":" 3"}', 422],
    ['{"count":"٣"}', 422],
    ['{"flag":2}', 422],
    ['{"flag":"TRUE "}', 422],
    ['{"text":null}', 400],
    ['{"text":["a"]}', 400],
    ['{"text":{"a":"b"}}', 400],
    ['{"text":"a\\u0000b"}', 400],
    ['{"text":"a\\u001bb"}', 422],
    ['{"text":"a\\u2028b"}', 422],
  ])('%s is refused with %i', async (given, expected) => {
    const { status, json } = await asking(given);
    expect(status).toBe(expected);
    expect(json.detail.length).toBeGreaterThan(10);
  });
});
