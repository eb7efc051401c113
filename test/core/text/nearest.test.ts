import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../../src/core/text/grammar/nearest.ts';

const jobs = ['backup', 'backup-verify', 'restart-web', 'report', 'rotate-keys', 'db-migrate'];

describe('the nearest names', () => {
  test.each([
    ['bakcup', ['backup']],
    ['bakup', ['backup']],
    ['back', ['backup', 'backup-verify']],
    ['BACKUP', ['backup', 'backup-verify']],
    ['restart-wbe', ['restart-web']],
    ['reprot', ['report']],
    ['xyz', []],
    ['', []],
  ])('%s', (word, names) => {
    expect(nearest(word, jobs)).toEqual(names);
  });

  test('names that begin with the word come before names a slip away', () => {
    expect(nearest('stag', ['stab', 'staging', 'slag'])).toEqual(['staging', 'stab', 'slag']);
  });

  test('at most three, or as many as asked for', () => {
    const many = ['ab1', 'ab2', 'ab3', 'ab4'];
    expect(nearest('ab', many)).toEqual(['ab1', 'ab2', 'ab3']);
    expect(nearest('ab', many, 1)).toEqual(['ab1']);
  });

  test('one slip is allowed in a short word, a third of the letters in a long one', () => {
    expect(nearest('ok', ['of', 'at'])).toEqual(['of']);
    expect(nearest('atempts', ['attempts', 'backoff', 'max'])).toEqual(['attempts']);
    expect(nearest('abcdefghi', ['xyzdefghi', 'wxyzefghi'])).toEqual(['xyzdefghi']);
  });

  test('two neighbours swapped are one slip, wherever they stand', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,12}$/), fc.nat(), (word, at) => {
        const place = at % (word.length - 1);
        const letters = word.split('');
        const swapped = [
          ...letters.slice(0, place),
          letters[place + 1],
          letters[place],
          ...letters.slice(place + 2),
        ].join('');
        expect(nearest(swapped, [word])).toEqual([word]);
      }),
    );
  });

  test('a huge word costs no time and finds nothing', () => {
    expect(nearest('x'.repeat(1_000_000), jobs)).toEqual([]);
  });
});
