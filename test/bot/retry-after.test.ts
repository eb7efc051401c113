import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/bot/retry-after.ts';
import { networkCode, neverSent } from '../../src/bot/unreachable.ts';

describe('how long a provider asks us to wait', () => {
  test.each([
    ['1', 1000],
    ['30', 30_000],
    [' 5 ', 5000],
    ['0.25', 250],
    ['0.0001', 1],
    ['3600', 3_600_000],
  ])('%j is %i ms', (header, ms) => expect(retryAfterMs(header)).toBe(ms));

  test.each([null, '', '0', '-3', 'soon', 'NaN', 'Wed, 21 Oct 2026 07:28:00 GMT', '5s'])(
    '%j says nothing: a second',
    (header) => expect(retryAfterMs(header)).toBe(1000),
  );

  test.each(['3601', '1e9', '1e400', 'Infinity', '0xffffffffff', '9'.repeat(400)])(
    '%s is not believed: an hour, and then it is asked again',
    (header) => expect(retryAfterMs(header)).toBe(3_600_000),
  );
});

const coded = (code: unknown, cause?: unknown): Error => Object.assign(new Error('x', { cause }), { code });

describe('what is told of a connection that failed', () => {
  test.each<[string, unknown, string]>([
    ['the code of the error itself', coded('ECONNRESET'), 'ECONNRESET'],
    [
      'the first code along its causes',
      new TypeError('fetch failed', { cause: coded('ENOTFOUND') }),
      'ENOTFOUND',
    ],
    ['the name of the last cause without one', new Error('x', { cause: new RangeError('y') }), 'RangeError'],
    [
      'what a client keeps under a name of its own',
      Object.assign(new Error('x'), { error: coded('EPIPE') }),
      'EPIPE',
    ],
    ['a number that is no code of ours', coded(42, coded('ETIMEDOUT')), 'ETIMEDOUT'],
    ['nothing about what is no error', 'ECONNREFUSED', 'unknown'],
    ['nothing about nothing', undefined, 'unknown'],
  ])('%s', (_what, error, code) => expect(networkCode(error)).toBe(code));

  test('a chain that never ends has an end', () => {
    const circle = new TypeError('round');
    circle.cause = circle;
    expect(networkCode(circle)).toBe('TypeError');
  });

  test('never a message, which may hold an address with a token', () => {
    const error = new Error('https://api.telegram.org/bot123:secret/x', { cause: new Error('secret') });
    expect(networkCode(error)).toBe('Error');
  });
});

describe('whether anything of a call left this machine', () => {
  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ENETUNREACH',
    'EHOSTUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('nothing did after %s', (code) => {
    expect(neverSent(new TypeError('fetch failed', { cause: coded(code) }))).toBe(true);
  });

  // Whoever sends such a call again may have somebody read it twice: it counts as ambiguous.
  test.each([
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'XCERT_',
    'toString',
  ])('something may have after %s', (code) => expect(neverSent(coded(code))).toBe(false));

  test('something may have when nobody says what happened', () => {
    for (const error of [new Error('aborted'), undefined, 'ECONNREFUSED', { code: 'ECONNREFUSED' }]) {
      expect(neverSent(error)).toBe(false);
    }
  });
});
