import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorWords } from '../../src/telemetry/error.ts';
import { redactor } from '../../src/telemetry/redact.ts';

/** The same texts every time. */
const ALWAYS = { seed: 20_261_127 };

/** Of whatever passwords are made: signs of patterns, of addresses, of forms, of JSON, and letters of many bytes. */
const secret = fc
  .string({
    unit: fc.constantFrom(...Array.from('abZ09 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~äß⏳')),
    minLength: 6,
    maxLength: 24,
  })
  .filter((text) => /^\S.*\S$/u.test(text));

/** Words around it that cannot be a part of it. */
const around = fc.string({ unit: fc.constantFrom(...Array.from('xyzXYU\n')), maxLength: 12 });

const ways: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in an address': encodeURIComponent,
  'in a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in base64': (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
};

describe('a secret that is known', () => {
  test.each(Object.entries(ways))('is in no text, %s', (_how, written) => {
    fc.assert(
      fc.property(secret, around, around, (value, before, behind) => {
        const clean = redactor([value])(`${before}${written(value)}${behind}`);
        expect(clean).not.toContain(written(value));
        expect(clean).toContain('[redacted]');
      }),
      ALWAYS,
    );
  });

  test('leaves of the words around it every one', () => {
    fc.assert(
      fc.property(secret, around, around, (value, before, behind) => {
        expect(redactor([value])(`${before}${value}${behind}`)).toBe(`${before}[redacted]${behind}`);
      }),
      ALWAYS,
    );
  });

  test('is taken out of what was cleaned before without doing more harm', () => {
    fc.assert(
      fc.property(secret, around, (value, before) => {
        const redact = redactor([value]);
        const once = redact(`${before} ${value} Bearer ${'a'.repeat(20)} https://u:p@host/`);
        expect(redact(once)).toBe(once);
      }),
      ALWAYS,
    );
  });

  test('goes whole, in whichever order those that share a beginning are named', () => {
    fc.assert(
      fc.property(secret, secret, (one, more) => {
        const text = `<${one}${more}>`;
        expect(redactor([one, `${one}${more}`])(text)).toBe('<[redacted]>');
        expect(redactor([`${one}${more}`, one])(text)).toBe('<[redacted]>');
      }),
      ALWAYS,
    );
  });
});

describe('what looks like a secret', () => {
  test.each([
    ['postgres://textops:p@ss@db:5432/x', 'postgres://[redacted]@db:5432/x'],
    ['redis://:only-a-password@cache', 'redis://[redacted]@cache'],
    ['HTTPS://Ana:Word@Host/', 'HTTPS://[redacted]@Host/'],
    ['two: a://u:p@h and b://v:q@i', 'two: a://[redacted]@h and b://[redacted]@i'],
    ['Authorization: Basic dGV4dG9wczpwYXNzd29yZA==', 'Authorization: Basic [redacted]'],
    ['BEARER\tabcdef-012345', 'BEARER [redacted]'],
    ['xapp-1-A0B1C2-0123456789-abcdef', '[redacted]'],
    [`SK${'0a'.repeat(16)}:${'0b'.repeat(16)}`, `[redacted]:${'0b'.repeat(16)}`],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.', '[redacted]'],
  ])('%s', (text, clean) => {
    expect(redactor([])(text)).toBe(clean);
  });

  test.each([
    'https://example.com/a@b',
    'mail ana@example.com about http://host',
    'a basic plan',
    `AC${'0a'.repeat(15)}`,
    'txo_short',
    '14:02:41.410',
    'eyJust a word.with dots',
  ])('%s does not', (text) => {
    expect(redactor([])(text)).toBe(text);
  });
});

describe('an error', () => {
  const words = (error: unknown) => errorWords(error, redactor(['hunter22']));

  test('whatever was thrown has a type and one line of at most 401 characters', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.string({ unit: fc.constantFrom(...Array.from('ab :/@\n\r\0ü⏳👍\u2028')), maxLength: 600 }),
        (thrown, text) => {
          for (const error of [thrown, text, new Error(text, { cause: thrown })]) {
            const { type, message } = words(error);
            expect(type).toMatch(/^\w+$/);
            expect(message).not.toContain('\n');
            expect(message.length).toBeLessThanOrEqual(401);
          }
        },
      ),
      ALWAYS,
    );
  });

  test('is cut between characters, never through one', () => {
    for (const length of [397, 398, 399, 400]) {
      const { message } = words(new Error(`${'x'.repeat(length)}⏳👍👍`));
      expect(message.isWellFormed()).toBe(true);
    }
  });

  test('has the code nearest to whoever threw, and none that is no code', () => {
    const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });
    expect(words(coded('EPIPE', coded('ECONNRESET'))).code).toBe('EPIPE');
    expect(words(coded('not a code', coded('40001'))).code).toBe('40001');
    expect(words(coded(42, coded('E'.repeat(41))))).not.toHaveProperty('code');
    // Behind the fourth nobody looks.
    const deep = coded(1, coded(2, coded(3, coded(4, coded('EPIPE')))));
    expect(words(deep)).not.toHaveProperty('code');
  });

  test('of several at once says the first, and of none what it says itself', () => {
    expect(words(new AggregateError([new Error('first'), new Error('second')], 'both')).message).toBe(
      'both: first',
    );
    expect(words(new AggregateError([], 'none', { cause: new Error('why') })).message).toBe('none: why');
  });

  test('loses its secrets before it is cut, so that no part of one is left', () => {
    const { message } = words(new Error(`${'x'.repeat(396)}hunter22 and more`));
    expect(message).not.toContain('hunt');
  });

  test.each([
    ['GET https://host/a/b?token=1 failed', 'GET https://host/… failed'],
    ['GET https://host:8443#part', 'GET https://host:8443/…'],
    ['"https://host/a","https://other/b"', '"https://host/…","https://other/…"'],
    ['no path: https://host', 'no path: https://host'],
    ['postgres://textops:hunter22@db/x', 'postgres://[redacted]@db/…'],
  ])('of %s keeps the host', (text, clean) => {
    expect(words(new Error(text)).message).toBe(clean);
  });
});
