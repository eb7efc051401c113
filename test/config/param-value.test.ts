import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileParam } from '../../src/config/catalog-schema.ts';
import { boundOf, checkValue, toParamSpec } from '../../src/config/param-value.ts';
import { canonical } from '../../src/core/runs/canonical.ts';
import { anyText } from '../any-text.ts';

const valueOf = (param: FileParam, given: unknown) => {
  const checked = checkValue(param, given);
  return checked.ok ? checked.value : checked.message;
};

describe('a value of the file', () => {
  test.each<[FileParam, unknown, string | number | boolean]>([
    [{ type: 'string' }, 'main', 'main'],
    [{ type: 'string' }, '', ''],
    [{ type: 'string' }, '👩‍👩‍👧 日本', '👩‍👩‍👧 日本'],
    [{ type: 'string', allowDash: true }, '--all', '--all'],
    [{ type: 'string', maxLength: 3 }, 'abc', 'abc'],
    [{ type: 'string', pattern: '[a-z]+' }, 'abc', 'abc'],
    [{ type: 'boolean' }, false, false],
    [{ type: 'integer', min: -3, max: 3 }, -3, -3],
    [{ type: 'integer', min: -3, max: 3 }, 3, 3],
    [{ type: 'integer' }, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    // Text inside, so that the history never hashes a float.
    [{ type: 'number' }, 0.1, '0.1'],
    [{ type: 'number' }, -12, '-12'],
    [{ type: 'number', min: 0.5 }, 0.5, '0.5'],
    // In one form, however it was written.
    [{ type: 'duration' }, '90s', '90s'],
    [{ type: 'duration' }, '1m30s', '90s'],
    [{ type: 'duration' }, '120s', '2m'],
    [{ type: 'duration', min: '1m', max: '1h' }, '60m', '1h'],
    [{ type: 'duration', enum: ['60s', '1h'] }, '1m', '1m'],
    [{ type: 'number', enum: [1, 2.5] }, 2.5, '2.5'],
  ])('%j takes %j as %j', (param, given, value) =>
    expect(checkValue(param, given)).toEqual({ ok: true, value }),
  );

  test.each<[FileParam, unknown, string]>([
    [{ type: 'string' }, 42, 'expected text, got 42; write it in quotes: "42"'],
    [{ type: 'string' }, true, 'expected text, got true; write it in quotes: "true"'],
    [{ type: 'string' }, '-rf', '"-rf" begins with "-", which needs allowDash: true'],
    [{ type: 'string' }, 'a\nb', String.raw`"a\nb" contains a line break or a control character`],
    [{ type: 'string' }, 'a\u0085b', '"a\u0085b" contains a line break or a control character'],
    [{ type: 'string', maxLength: 3 }, 'abcd', '"abcd" is longer than 3 characters'],
    [{ type: 'string' }, 'a'.repeat(1001), `"${'a'.repeat(60)}…" is longer than 1000 characters`],
    [{ type: 'string', pattern: '[a-z]+' }, 'abc1', '"abc1" does not match the pattern [a-z]+'],
    [{ type: 'string', pattern: 'a|b' }, 'ab', '"ab" does not match the pattern a|b'],
    [
      { type: 'string', enum: ['main', 'audit'] },
      'mian',
      '"mian" is not one of main, audit; did you mean "main"?',
    ],
    [{ type: 'boolean' }, 'true', 'expected true or false, got "true"'],
    [{ type: 'boolean' }, 1, 'expected true or false, got 1'],
    [{ type: 'integer' }, 1.5, 'expected a whole number, got 1.5'],
    [{ type: 'integer' }, '1', 'expected a whole number, got "1"'],
    [{ type: 'integer' }, 2 ** 53, 'expected a whole number, got 9007199254740992'],
    [{ type: 'integer', min: 1 }, 0, '0 is below min 1'],
    [{ type: 'integer', max: 1 }, 2, '2 is above max 1'],
    [{ type: 'number' }, Number.NaN, 'expected a plain decimal number, got NaN'],
    [{ type: 'number' }, Number.POSITIVE_INFINITY, 'expected a plain decimal number, got Infinity'],
    [{ type: 'number' }, 1e21, 'expected a plain decimal number, got 1e+21'],
    [{ type: 'number' }, 1e-7, 'expected a plain decimal number, got 1e-7'],
    [{ type: 'duration' }, 90, 'expected a duration such as 30s, got 90'],
    [{ type: 'duration' }, '90', 'expected a duration such as 30s, got "90"'],
    [{ type: 'duration', min: '1m' }, '59s', '59s is below min 1m'],
    [{ type: 'duration', max: '1h' }, '61m', '61m is above max 1h'],
    [{ type: 'duration', enum: ['60s'] }, '2m', '"2m" is not one of 1m; did you mean "1m"?'],
  ])('%j refuses %j: %s', (param, given, words) =>
    expect(checkValue(param, given)).toEqual({ ok: false, message: words }),
  );

  const type = fc.constantFrom<FileParam['type']>('string', 'integer', 'number', 'boolean', 'duration');
  const anything = fc.oneof(
    anyText(12),
    fc.constantFrom('1h', '90m', '500ms', '-1', 'true', '\n'),
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
  );

  test('that is taken has a form that the history can hash, and is the same when it is read again', () => {
    fc.assert(
      fc.property(type, anything, (kind, given) => {
        const param = { type: kind };
        const checked = checkValue(param, given);
        if (!checked.ok) return;
        expect(() => canonical(checked.value)).not.toThrow();
        const again = kind === 'number' ? Number(checked.value) : checked.value;
        expect(checkValue(param, again)).toEqual(checked);
      }),
      { numRuns: 1000 },
    );
  });

  test('is taken exactly if it lies within its bounds', () => {
    const ms = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(ms, ms, ms, (min, max, size) => {
        const fits = size >= min && size <= max;
        expect(checkValue({ type: 'integer', min, max }, size).ok).toBe(fits);
        expect(checkValue({ type: 'number', min: min / 8, max: max / 8 }, size / 8).ok).toBe(fits);
        const duration = { type: 'duration', min: `${min}ms`, max: `${max}ms` } as const;
        expect(checkValue(duration, `${size}ms`).ok).toBe(fits);
      }),
    );
  });

  test('is held against no pattern that is refused', () => {
    // It would run for longer than anybody lives.
    expect(valueOf({ type: 'string', pattern: '(a+)+' }, `${'a'.repeat(60)}!`)).toBe(`${'a'.repeat(60)}!`);
  });
});

describe('a bound', () => {
  test.each<[FileParam, string | number | undefined, number | undefined]>([
    [{ type: 'integer' }, 3, 3],
    [{ type: 'integer' }, 3.5, undefined],
    [{ type: 'integer' }, '3', undefined],
    [{ type: 'number' }, 3.5, 3.5],
    [{ type: 'number' }, Number.POSITIVE_INFINITY, undefined],
    [{ type: 'duration' }, '90s', 90_000],
    [{ type: 'duration' }, 90, undefined],
    [{ type: 'duration' }, 'soon', undefined],
    [{ type: 'string' }, 3, undefined],
    [{ type: 'boolean' }, 1, undefined],
    [{ type: 'integer' }, undefined, undefined],
  ])('of %j, %j, is %s', (param, bound, expected) => expect(boundOf(param, bound)).toBe(expected));
});

describe('a parameter', () => {
  test.each<[FileParam, object]>([
    [{ type: 'string' }, { type: 'string', required: true }],
    [
      { type: 'string', required: false },
      { type: 'string', required: false },
    ],
    [
      { type: 'string', default: '' },
      { type: 'string', required: false, default: '' },
    ],
    [
      { type: 'boolean', default: false },
      { type: 'boolean', required: false, default: false },
    ],
    [
      { type: 'integer', default: 0, min: 0 },
      { type: 'integer', required: false, default: 0, min: 0 },
    ],
    [
      { type: 'number', default: 1, max: 2.5 },
      { type: 'number', required: false, default: '1', max: 2.5 },
    ],
    [
      { type: 'duration', default: '60s', min: '30s', max: '1h', enum: ['60s', '1h'] },
      { type: 'duration', required: false, default: '1m', min: 30_000, max: 3_600_000, enum: ['1m', '1h'] },
    ],
    [
      { type: 'string', pattern: 'a+', maxLength: 9, allowDash: false },
      { type: 'string', required: true, pattern: 'a+', maxLength: 9, allowDash: false },
    ],
  ])('%j is kept as %j', (param, spec) => expect(toParamSpec(param)).toEqual(spec));
});
