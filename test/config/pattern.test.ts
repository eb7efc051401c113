import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternProblem, wholePattern } from '../../src/config/pattern.ts';

describe('a pattern', () => {
  test.each([
    String.raw`\d{4}`,
    '[a-z]+',
    '[(a+)+]*',
    String.raw`\(a+\)+`,
    String.raw`(\d{1,3}\.){3}\d{1,3}`,
    '([a-f0-9]{2}:){5}[a-f0-9]{2}',
    'v[0-9]+(-rc[0-9]+)?',
    '(main|audit)',
    '(?:main|audit)(?=x)x',
    '(?<year>[0-9]{4})-[0-9]{2}',
    String.raw`\\1`,
    '',
  ])('%s is fine', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  test.each([
    '(a+)+',
    '(a*)*b',
    '((a+))+',
    '(?:a+b?)*',
    '(a|a)*',
    '(x(a|ab))+',
    '(a?){30}',
    '([a-z]+){2,}',
    '(a{1,20}){20}',
    '(a+)+?',
  ])('%s could run forever', (pattern) => {
    expect(patternProblem(pattern)).toContain('repetition inside a repeated group');
  });

  test.each([String.raw`(a)\1`, String.raw`(?<x>a)\k<x>`])('%s refers back', (pattern) => {
    expect(patternProblem(pattern)).toContain('back references');
  });

  test.each(['(', '[', 'a{2,1}', '*', String.raw`\p{Nothing}`])('%s is none', (pattern) => {
    expect(patternProblem(pattern)).toContain('not a regular expression');
  });

  test('must match the whole text', () => {
    expect(wholePattern('a|b').test('ab')).toBe(false);
    expect(wholePattern('a|b').test('b')).toBe(true);
  });

  test('is judged without an accident, whatever it is', () => {
    const signs = fc.constantFrom(
      'a',
      '(',
      ')',
      '[',
      ']',
      '+',
      '*',
      '?',
      '{',
      '}',
      '2',
      ',',
      '|',
      '\\',
      '^',
      '-',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 20 }), (parts) => {
        const problem = patternProblem(parts.join(''));
        expect(problem === undefined || problem.length > 0).toBe(true);
      }),
    );
  });
});
