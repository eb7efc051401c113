import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGood, newCode, type OneTimeCode, readCode, shownCode } from '../../../src/core/people/code.ts';
import { noon } from '../../cast.ts';

describe('a code', () => {
  test('has 65 bits: thirteen draws of one in thirty-two', () => {
    let draws = 0;
    const code = newCode(() => {
      draws += 1;
      return 0.999_999;
    });
    expect([code, draws, 13 * Math.log2(32)]).toEqual(['ZZZZZZZZZZZZZ', 13, 65]);
  });

  test('every letter depends on its own draw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 13, maxLength: 13 }),
        fc.nat(12),
        (draws, at) => {
          const codeOf = (all: readonly number[]) => {
            let next = 0;
            return newCode(() => (all[next++] ?? 0) / 32);
          };
          const other = draws.map((draw, index) => (index === at ? (draw + 1) % 32 : draw));
          const [one, two] = [codeOf(draws), codeOf(other)];
          expect([...one].flatMap((letter, index) => (letter === two[index] ? [] : [index]))).toEqual([at]);
        },
      ),
    );
  });

  test.each(['7F3K-2QMN-9XV4-C', '7f3k2qmn9xv4c', ' 7F3K 2QMN 9XV4 C ', '7F3K-2qmn-9XV4-c'])(
    'is read as people type it: %s',
    (typed) => expect(readCode(typed)).toBe('7F3K2QMN9XV4C'),
  );

  test.each([
    '',
    '7F3K',
    '7F3K-2QMN-9XV4-CC',
    '7F3K-2QMN-9XV4-U',
    'the code I was given',
    '7F3K_2QMN_9XV4_C',
  ])('is nothing else: %s', (typed) => expect(readCode(typed)).toBeUndefined());

  test('what is shown is read as what was made', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })), (stream) => {
        const code = newCode(() => stream.next().value ?? 0);
        expect(readCode(shownCode(code))).toBe(code);
      }),
    );
    expect(shownCode('7F3K2QMN9XV4C')).toBe('7F3K-2QMN-9XV4-C');
  });
});

describe('a code is good', () => {
  const code: OneTimeCode = { codeHash: 'h', purpose: 'link', until: noon, used: false };
  test.each([
    ['before its end', code, 'link', noon - 1, true],
    ['not at its end', code, 'link', noon, false],
    ['not a second time', { ...code, used: true }, 'link', noon - 1, false],
    ['not for something else', code, 'admit', noon - 1, false],
    ['not when nobody knows it', undefined, 'link', noon - 1, false],
  ] as const)('%s', (_when, known, purpose, at, good) => expect(isGood(known, purpose, at)).toBe(good));
});
