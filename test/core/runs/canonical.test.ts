import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../src/core/runs/canonical.ts';

// Whole numbers only; the rest is JSON.
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('the one text of a value', () => {
  test.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: 'y' }, '{"b":"y"}'],
    [-0, '0'],
    ['line\n"quote" é', '"line\\n\\"quote\\" é"'],
    // By UTF-16 code unit: capitals first, and the emoji's surrogate before the private use character.
    [{ b: 1, B: 2, '\uE000': 3, '😀': 4 }, '{"B":2,"b":1,"😀":4,"\uE000":3}'],
  ])('%j', (value, text) => expect(canonical(value)).toBe(text));

  test('half a character is what a database would give back for it', () => {
    expect(canonical({ 'a\uD83D': 'b\uD83D' })).toBe('{"a\uFFFD":"b\uFFFD"}');
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, undefined, 1n, () => 1])(
    'there is none for %s',
    (value) => expect(() => canonical(value)).toThrow(/canonical: /),
  );

  test('says the same as JSON', () =>
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(plain(value));
      }),
    ));

  test('is stable through JSON, and a second time', () =>
    fc.assert(
      fc.property(json, (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(canonical(JSON.parse(JSON.stringify(value)))).toBe(text);
      }),
    ));

  test('does not depend on the order of keys', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonical(turned)).toBe(canonical(value));
      }),
    ));

  test('differs where values differ', () =>
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(canonical(one) === canonical(other)).toBe(isDeepStrictEqual(plain(one), plain(other)));
      }),
    ));
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
