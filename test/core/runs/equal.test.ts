import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../../src/core/runs/canonical.ts';
import { equal } from '../../../src/core/runs/equal.ts';

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', 'a', 'b'),
    fc.integer({ min: 0, max: 2 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'length', '0'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('says the same as the canonical text', () =>
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(equal(one, other)).toBe(canonical(one) === canonical(other));
    }),
    { numRuns: 2000 },
  ));

test('does not depend on the order of keys', () => {
  expect(equal({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
});

test.each([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [[1], { 0: 1 }],
  [[], {}],
  [null, {}],
  [1, '1'],
])('%j is not %j', (one, other) => {
  expect(equal(one, other)).toBe(false);
  expect(equal(other, one)).toBe(false);
});
