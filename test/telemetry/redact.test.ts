import { describe, expect, test } from 'vitest';
import { errorWords } from '../../src/telemetry/error.ts';
import { redactor } from '../../src/telemetry/redact.ts';

const token = '123456789:AAHfiqksKZ8WmR2zMn0cVwbYZQ1lSg7xT3E';

describe('redaction by value', () => {
  test('finds a secret as it is, URL-encoded and in base64, as often as it is there', () => {
    const redact = redactor(['s3cret/+ ü']);
    expect(redact('s3cret/+ üs3cret/+ ü s3cret%2F%2B%20%C3%BC czNjcmV0LysgxfM=')).not.toContain('s3cret');
    expect(redact(Buffer.from('s3cret/+ ü').toString('base64'))).toMatch(/^\[redacted\]=*$/);
  });

  test('a secret inside another one leaves no rest of the longer', () => {
    expect(redactor(['canary', 'canary-and-more'])('x canary-and-more y')).toBe('x [redacted] y');
  });

  test('is literal: a secret is no pattern, and what replaces it neither', () => {
    expect(redactor(['a.b*c$&'])('aXbbc a.b*c$&')).toBe('aXbbc [redacted]');
  });

  test('leaves everyday words alone', () => {
    expect(redactor(['', 'ops'])('textops')).toBe('textops');
  });
});

describe('redaction by shape', () => {
  test.each([
    [`bot${token}/getMe`, 'bot[redacted]/getMe'],
    ['token xoxb-12-ab34cd and xapp-1-A2-345', 'token [redacted] and [redacted]'],
    ['sid AC0123456789abcdef0123456789abcdef.', 'sid [redacted].'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0 end', '[redacted] end'],
    [`made txo_${'aB3-_'.repeat(8)}xyz, once`, 'made [redacted], once'],
    ['authorization: bearer abcdef-012345', 'authorization: bearer [redacted]'],
    ['postgres://textops:pw@db:5432/x', 'postgres://[redacted]@db:5432/x'],
  ])('%s', (text, clean) => {
    expect(redactor([])(text)).toBe(clean);
  });

  test.each([
    'run K7M2QX approved by user:telegram:123456789',
    'telegram:-1001234567890/17',
    'the bearer of news',
    '2026-11-20T14:02:41.410Z',
    'slack:T1:U2 sms:+491701234567',
  ])('leaves %s', (text) => {
    expect(redactor([])(text)).toBe(text);
  });
});

describe('an error in the log', () => {
  const words = (error: unknown) => errorWords(error, redactor([]));

  test('is its name, the first line of its message and of its causes, and its code', () => {
    const cause = Object.assign(new RangeError('too far\n    at line 2'), { code: 'SQLITE_BUSY' });
    expect(words(new TypeError('saving run K7M2QX', { cause }))).toEqual({
      type: 'TypeError',
      message: 'saving run K7M2QX: too far',
      code: 'SQLITE_BUSY',
    });
  });

  test('keeps nothing of a query but that it failed', () => {
    const error = new Error('Failed query: insert into "inbox" values ($1)\nparams: my private message');
    expect(words(error).message).toBe('Failed query: insert into "inbox" values ($1)');
  });

  test('keeps of an address only the host', () => {
    const error = new Error(`call to https://api.telegram.org/bot${token}/getMe?x=1 failed`);
    expect(words(error).message).toBe('call to https://api.telegram.org/… failed');
  });

  test('of a connection that failed on every address says why', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(words(new AggregateError([refused], ''))).toEqual({
      type: 'AggregateError',
      message: 'connect ECONNREFUSED 127.0.0.1:5432',
      code: 'ECONNREFUSED',
    });
  });

  test.each([
    ['just words', { type: 'string', message: 'just words' }],
    [{ token: 'canary' }, { type: 'object', message: 'a thrown object' }],
    [undefined, { type: 'undefined', message: '' }],
    [null, { type: 'object', message: '' }],
    [
      Object.assign(new Error('x'), { name: 'evil name\n', code: 'bad code!' }),
      { type: 'Error', message: 'x' },
    ],
  ])('thrown as %j', (error, expected) => {
    expect(words(error)).toEqual(expected);
  });

  test('that is its own cause comes to an end, and a long one is cut', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(words(circle).message).toBe('round: round: round: round');
    expect(words(new Error('x'.repeat(5000))).message.length).toBeLessThan(500);
  });
});
