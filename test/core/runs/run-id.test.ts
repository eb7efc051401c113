import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newRunId, readRunId } from '../../../src/core/runs/run-id.ts';

const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 8,
  maxLength: 8,
});

const drawn = (list: readonly number[]): string => {
  const left = [...list];
  return newRunId(() => left.shift() ?? 0);
};

describe('a new run id', () => {
  test('has six characters of the alphabet and a digit from 2 to 9', () =>
    fc.assert(
      fc.property(chances, (list) => {
        expect(drawn(list)).toMatch(/^(?=.*[2-9])[0-9A-HJKMNP-TV-Z]{6}$/);
      }),
    ));
  test('gets its digit where chance put none', () => {
    // Six times the letter at 10, an A; then the digit 2 + 5 at place 3.
    expect(drawn([0.32, 0.32, 0.32, 0.32, 0.32, 0.32, 0.5, 0.7])).toBe('AAA7AA');
  });
  test('is left alone where chance put one', () =>
    expect(drawn([0.32, 0.32, 0.32, 0.28, 0.32, 0.32])).toBe('AAA8AA'));
  test('is read as it was made, in any case', () =>
    fc.assert(
      fc.property(chances, (list) => {
        expect(readRunId(drawn(list))).toBe(drawn(list));
        expect(readRunId(drawn(list).toLowerCase())).toBe(drawn(list));
      }),
    ));
});

describe('reading a run id', () => {
  test.each([
    ['k7m2qx', 'K7M2QX'],
    ['ko3il1', 'K03111'],
    ['KO3IL1', 'K03111'],
  ])('%s is %s', (word, id) => expect(readRunId(word)).toBe(id));
  test.each(['please', 'PLEASE', 'doit', 'k7m2q', 'k7m2qxx', 'k7m-qx', 'k7m2qu', 'k7m2q👍', '', 'İ7m2qx'])(
    '%s is none',
    (word) => expect(readRunId(word)).toBeUndefined(),
  );
  test('a word of letters never is one', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{6}$/), (word) => {
        expect(readRunId(word)).toBeUndefined();
      }),
    ));
});
