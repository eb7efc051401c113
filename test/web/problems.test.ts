import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { BODY_MAX } from '../../src/web/api/read-json.ts';
import { type Call, world } from './world.ts';

const said = { from: 'ana', conversation: 'ops', body: 'run demo' };
const saying = (more: Readonly<Record<string, unknown>>): Call => ({ json: { ...said, ...more } });
const raw = (body: Call['body'], type?: string): Call => ({
  method: 'POST',
  ...(body === undefined ? {} : { body }),
  headers: type === undefined ? {} : { 'content-type': type },
});
const JSON_TYPE = 'application/json';
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

/** In pieces, as a client sends what it does not know the length of. */
const streamOf = (size: number): ReadableStream => {
  let left = size;
  return new ReadableStream({
    pull: (controller) => {
      const piece = Math.min(left, 64 * 1024);
      left -= piece;
      if (piece === 0) controller.close();
      else controller.enqueue(new Uint8Array(piece).fill(0x20));
    },
  });
};

describe('requests that cannot be read', () => {
  test.each<[string, Call, number, string]>([
    ['1 MB of text', saying({ body: 'x'.repeat(1_000_000) }), 413, 'body_too_large'],
    ['1 MB in pieces', raw(streamOf(1_000_000), JSON_TYPE), 413, 'body_too_large'],
    ['one byte too many', raw(' '.repeat(BODY_MAX + 1), JSON_TYPE), 413, 'body_too_large'],
    ['a full body of blanks', raw(' '.repeat(BODY_MAX), JSON_TYPE), 400, 'malformed_json'],
    [
      'a form',
      raw('from=ana&body=run+demo', 'application/x-www-form-urlencoded'),
      415,
      'unsupported_media_type',
    ],
    ['plain text', raw(JSON.stringify(said), 'text/plain'), 415, 'unsupported_media_type'],
    ['a multipart form', raw('x', 'multipart/form-data; boundary=x'), 415, 'unsupported_media_type'],
    ['a lookalike type', raw(JSON.stringify(said), 'application/jsonx'), 415, 'unsupported_media_type'],
    ['a problem type', raw(JSON.stringify(said), 'application/problem+json'), 415, 'unsupported_media_type'],
    ['two types', raw(JSON.stringify(said), 'text/plain, application/json'), 415, 'unsupported_media_type'],
    ['no type', raw(bytes(0x7b, 0x7d)), 415, 'unsupported_media_type'],
    ['nothing at all', raw(undefined, JSON_TYPE), 400, 'malformed_json'],
    ['half an object', raw('{"from":"ana"', JSON_TYPE), 400, 'malformed_json'],
    ['a script', raw('{from:"ana"}', JSON_TYPE), 400, 'malformed_json'],
    ['no UTF-8', raw(bytes(0x22, 0xff, 0xfe, 0x22), JSON_TYPE), 400, 'malformed_json'],
    [
      'half a surrogate pair',
      raw('{"from":"ana\\ud800","conversation":"o","body":"x"}', JSON_TYPE),
      400,
      'malformed_json',
    ],
    ['endless nesting', raw('['.repeat(200_000), JSON_TYPE), 400, 'malformed_json'],
    ['a list', raw('[]', JSON_TYPE), 400, 'invalid_body'],
    ['a word', raw('"run demo"', JSON_TYPE), 400, 'invalid_body'],
    ['null', raw('null', JSON_TYPE), 400, 'invalid_body'],
    ['nobody', saying({ from: '' }), 400, 'invalid_body'],
    ['a number for a name', saying({ from: 7 }), 400, 'invalid_body'],
    ['a long name', saying({ from: 'a'.repeat(101) }), 400, 'invalid_body'],
    ['a name with NUL', saying({ from: 'a\u0000' }), 400, 'invalid_body'],
    ['a name with a direction override', saying({ from: 'a\u202Eb' }), 400, 'invalid_body'],
    ['no conversation', saying({ conversation: undefined }), 400, 'invalid_body'],
    ['a long conversation', saying({ conversation: 'c'.repeat(201) }), 400, 'invalid_body'],
    ['no text', saying({ body: undefined }), 400, 'invalid_body'],
    ['a list for a text', saying({ body: ['run', 'demo'] }), 400, 'invalid_body'],
    ['an empty id', saying({ providerMessageId: '' }), 400, 'invalid_body'],
    ['a number for an id', saying({ providerMessageId: 1 }), 400, 'invalid_body'],
    ['a long id', saying({ providerMessageId: 'i'.repeat(201) }), 400, 'invalid_body'],
  ])('%s', async (_what, call, status, code) => {
    const there = await world();
    const answer = await there.call('/dev/inbound', call);
    expect(answer.json).toMatchObject({ status, code, instance: '/dev/inbound' });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect((await there.call('/runs')).json.runs).toEqual([]);
  });

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="UTF-8"'])(
    '%s is JSON',
    async (type) => {
      const { call } = await world();
      expect((await call('/dev/inbound', raw(JSON.stringify(said), type))).status).toBe(200);
    },
  );

  test.each<[string, string, string]>([
    ['POST', '/runs', '{"job":"a\\u0000"}'],
    ['POST', '/jobs', '{"key":"hello","title":"a\\u0000b","demo":{}}'],
    ['PUT', '/jobs/hello', '{"title":"x","demo":{},"a\\u0000":1}'],
  ])('%s %s takes nothing that a database cannot keep', async (method, path, body) => {
    const { call } = await world();
    const headers = { 'content-type': JSON_TYPE, 'idempotency-key': 'k' };
    expect((await call(path, { method, body, headers })).json).toMatchObject({
      status: 400,
      code: 'nul_character',
    });
  });
});

describe('paths and methods', () => {
  test.each([
    ['GET', '/nowhere', 404, 'unknown_route'],
    ['GET', '/runs/', 404, 'unknown_route'],
    ['GET', '/runs/ABC123/log', 404, 'unknown_route'],
    ['POST', '/runs/ABC123', 405, 'method_not_allowed'],
    ['DELETE', '/runs', 405, 'method_not_allowed'],
    ['PATCH', '/jobs/x', 405, 'method_not_allowed'],
    ['GET', '/dev/inbound', 405, 'method_not_allowed'],
    ['POST', '/health', 405, 'method_not_allowed'],
    ['OPTIONS', '/runs', 405, 'method_not_allowed'],
  ])('%s %s', async (method, path, status, code) => {
    const { call } = await world();
    const answer = await call(path, { method });
    expect(answer.json).toMatchObject({ status, code, instance: path });
  });

  test('a wrong method hears the right ones', async () => {
    const { call } = await world();
    const { headers } = await call('/jobs/x', { method: 'DELETE' });
    expect(headers.get('allow')).toBe('GET, HEAD, PUT');
  });

  test('HEAD is GET without a body', async () => {
    const { call } = await world();
    const { status, text } = await call('/runs', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
  });
});

describe('a fault of our own', () => {
  const broken = (store: Store): Store => ({
    ...store,
    runs: { ...store.runs, list: () => Promise.reject(new Error('password=hunter2 at /srv/app.ts:12')) },
  });

  test('is observed, and told without any detail', async () => {
    const { call, observed } = await world({ store: broken });
    const { status, json, text } = await call('/runs?status=Failed');
    expect(status).toBe(500);
    expect(json).toMatchObject({ code: 'internal', title: 'Internal error', instance: '/runs' });
    expect(text).not.toMatch(/hunter2|app\.ts|Failed|stack/);
    expect(observed).toEqual([
      { kind: 'request_failed', method: 'GET', path: '/runs', error: expect.any(Error) },
    ]);
    // The query may hold what nobody should log.
    expect(JSON.stringify(observed)).not.toContain('status');
  });
});
