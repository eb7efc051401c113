import { describe, expect, test } from 'vitest';
import { hideSecrets } from '../../../src/worker/process/hide-secrets.ts';

const SHOWN_MAX = 3;

const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  // The signs at its end say nothing.
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

/** The longest part of any form that somebody can still read at the cut. */
const readable = (said: string, secrets: readonly string[], side: 'start' | 'end'): number =>
  Math.max(
    0,
    ...secrets
      .flatMap(formsOf)
      .flatMap((form) =>
        Array.from({ length: form.length }, (_, n) => n + 1).filter((chars) =>
          side === 'start' ? said.includes(form.slice(0, chars)) : said.includes(form.slice(-chars)),
        ),
      ),
  );

const cutAt = (text: string, at: number, secrets: readonly string[]) =>
  hideSecrets(Object.fromEntries(secrets.map((value, n) => [`S${n}`, value]))).output({
    head: text.slice(0, at),
    tail: text.slice(at),
    bytes: text.length,
    sha256: '',
  });

describe('a secret that the cut between beginning and end goes through', () => {
  test.each([
    ['one', ['correct-horse']],
    ['one with signs that are escaped', ['a"b\\c d/e?f']],
    ['one of other letters', ['Schlüsselwörtchen']],
    ['one whose end is the beginning of another', ['abcd1234', 'XYZabcd9']],
    ['one that stands inside of another', ['inner-word', 'outer-inner-word-outer']],
    ['one that repeats itself', ['papapapapa']],
    ['the shortest that is hidden', ['a1b2']],
  ])('%s, leaves next to nothing wherever the cut is', (_name, secrets) => {
    for (const form of secrets.flatMap(formsOf)) {
      const text = `<<<${form}>>>`;
      for (let at = 3; at <= 3 + form.length; at += 1) {
        const { head, tail } = cutAt(text, at, secrets);
        expect(readable(head, secrets, 'start')).toBeLessThanOrEqual(SHOWN_MAX);
        expect(readable(tail, secrets, 'end')).toBeLessThanOrEqual(SHOWN_MAX);
        expect(head.startsWith('<<<')).toBe(true);
        expect(tail.endsWith('>>>')).toBe(true);
      }
    }
  });

  test('of two that could have been cut there, the longer part goes', () => {
    const { head, tail } = cutAt('<<XYZabcd9>>', 9, ['abcd1234', 'XYZabcd9']);
    expect([head, tail]).toEqual(['<<***', '9>>']);
  });

  test('of two that overlap before the cut, neither is left', () => {
    const { head, tail } = cutAt('<<secretAAAABBBBzz>>', 16, ['secretAAAA', 'AAAABBBBzz']);
    expect([head, tail]).toEqual(['<<***', 'zz>>']);
  });

  test('an output of nothing but a secret is hidden whole, however long', () => {
    const { head, tail } = cutAt('papa'.repeat(32_768), 65_536, ['papa']);
    expect([head, tail]).toEqual(['***', '***']);
  });

  test('hash and count stay those of what was written', () => {
    const output = { head: 'a correct-horse', tail: '', bytes: 15, sha256: 'abc' };
    expect(hideSecrets({ PASS: 'correct-horse' }).output(output)).toEqual({
      head: 'a ***',
      tail: '',
      bytes: 15,
      sha256: 'abc',
    });
  });

  test('what was not cut ends as it was written, also like a secret begins', () => {
    const output = { head: 'all of it: corr', tail: '', bytes: 15, sha256: '' };
    expect(hideSecrets({ PASS: 'correct-horse' }).output(output).head).toBe('all of it: corr');
  });
});
