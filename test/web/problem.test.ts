import { describe, expect, test } from 'vitest';
import { AUTH_REASONS } from '../../src/core/people/refused.ts';
import { attemptOf, HIDDEN, ProblemError, problemResponse } from '../../src/web/problem.ts';
import { world } from './world.ts';

describe('a refusal goes on record', () => {
  test.each([401, 403] as const)('by its code, whenever it is %i', (status) => {
    expect(attemptOf(new ProblemError(status, 'foreign_form', 'No.'))).toEqual({ reason: 'foreign_form' });
  });

  test.each([400, 404, 405, 409, 413, 415, 422, 500, 503] as const)('never because it is %i', (status) => {
    expect(attemptOf(new ProblemError(status, 'some_code', 'No.'))).toBeUndefined();
  });

  test('with what only the log may know, where there is such', () => {
    const attempt = { reason: 'token_expired', actor: 'user:http:ci' };
    expect(attemptOf(new ProblemError(401, 'unauthorized', 'No.', { attempt }))).toEqual(attempt);
    expect(attemptOf(new ProblemError(404, 'unknown_run', 'No run.', HIDDEN))).toEqual({
      reason: 'may_not_see',
    });
  });

  test.each([
    ['may_not_decide', { reason: 'may_not_decide' }],
    ['owner_needed', { reason: 'owner_needed' }],
    // Badly asked, or at the wrong time: nobody tried what is not theirs.
    ['already_voted', undefined],
    ['substrate_disabled', undefined],
    ['constructor', undefined],
  ])('of the rules when a right was lacking (%s)', (refused, attempt) => {
    expect(attemptOf(new ProblemError(409, 'refused', 'No.', { refused }))).toEqual(attempt);
  });

  test('under a word that is counted', () => {
    const { reason = '' } = attemptOf(new ProblemError(404, 'x', 'No.', HIDDEN)) ?? {};
    expect(AUTH_REASONS).toContain(reason);
  });
});

describe('a problem on the wire', () => {
  const written = async (problem: ProblemError, path = '/runs') => {
    const response = problemResponse(problem, path);
    return { headers: response.headers, status: response.status, json: await response.json() };
  };

  test('says what it must and nothing empty', async () => {
    const { status, json, headers } = await written(new ProblemError(404, 'unknown_run', 'No run ABC123.'));
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json).toEqual({
      type: 'urn:textops:problem:unknown_run',
      title: 'Not found',
      status: 404,
      detail: 'No run ABC123.',
      code: 'unknown_run',
      instance: '/runs',
    });
  });

  test('says why the rules refused, and all that is wrong at once', async () => {
    const more = { refused: 'already_voted', problems: ['a', 'b'], headers: { allow: 'GET' } };
    const { json, headers } = await written(new ProblemError(409, 'refused', 'No.', more));
    expect(json).toMatchObject({ refused: true, reason: 'already_voted', problems: ['a', 'b'] });
    expect(headers.get('allow')).toBe('GET');
  });

  test('keeps what only the log may know', async () => {
    const attempt = { reason: 'token_revoked', actor: 'user:http:canary' };
    const { json } = await written(new ProblemError(401, 'unauthorized', 'No.', { attempt }));
    expect(JSON.stringify(json)).not.toMatch(/canary|revoked/);
  });

  test('cannot be told a header of a caller’s', async () => {
    const { headers } = await written(
      new ProblemError(409, 'x', 'No.', { headers: { 'content-type': 'text/html' } }),
    );
    expect(headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('a connection of this machine', () => {
  /** Each of them alone says that somebody else stands behind it. */
  test.each([
    'forwarded',
    'x-forwarded-for',
    'x-real-ip',
    'via',
    'cf-connecting-ip',
    'X-Forwarded-For',
    'VIA',
  ])('with %s is one that was passed on', async (name) => {
    const { call } = await world();
    for (const value of ['127.0.0.1', '', 'for=127.0.0.1']) {
      expect((await call('/runs', { headers: { [name]: value } })).status).toBe(401);
    }
  });

  test.each([
    '127.0.0.1.example.com',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '1270.0.0.1',
    'localhost',
    '0.0.0.0',
    '::',
    '[::1]',
    '::1%lo',
    ' 127.0.0.1',
    '',
  ])('is none from %j', async (peer) => {
    const { call } = await world();
    expect((await call('/runs', { peer })).status).toBe(401);
  });

  test('that nobody knows anything of is none', async () => {
    const { app } = await world();
    expect((await app.request('http://127.0.0.1/runs')).status).toBe(401);
    expect((await app.request('http://127.0.0.1/runs', {}, { incoming: {} })).status).toBe(401);
  });

  test('that speaks to a name of the internet is none, though the door knows the name', async () => {
    const { call } = await world({ publicUrl: 'https://ops.example.com' });
    expect((await call('/runs', { headers: { host: 'ops.example.com' } })).status).toBe(401);
    expect((await call('/runs', { headers: { host: '127.0.0.1:5048' } })).status).toBe(200);
  });

  test('is one of nobody in production', async () => {
    const { call } = await world({ profile: 'production' });
    expect((await call('/runs')).status).toBe(401);
  });
});
