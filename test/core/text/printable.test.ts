import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/core/text/grammar/parse.ts';
import { printableLine, printableLines } from '../../../src/core/text/printable.ts';

/** Every character that there is, in the order of their numbers; halves of pairs are none. */
const EVERY = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(
  (code) => code < 0xd800 || code > 0xdfff,
);
const every = EVERY.map((code) => String.fromCodePoint(code)).join('');
const namesOf = (text: string): readonly string[] =>
  [...text].map((one) => `U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`);

/** What Unicode itself counts as control, as turning the direction of text, and as the end of a line. */
const STEERING = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
/** Invisible on every screen, whatever stands beside it. */
const UNSEEN = ['\u00AD', '\u180E', '\u200B', '\u2060', '\u2063', '\uFEFF', '\uFFFA', '\u{E0041}'];
/** Invisible as well, but emoji and several scripts are broken without them. */
const JOINERS = ['\u200C', '\u200D', '\uFE0F', '\u0301'];

describe('of all characters there are', () => {
  test('none that steers passes into a line', () => {
    expect(namesOf(printableLine(every).match(STEERING)?.join('') ?? '')).toEqual([]);
  });

  test('into a text of several lines only the tab and the end of a line', () => {
    expect(printableLines(every).match(STEERING)).toEqual(['\t', '\n']);
  });

  test('each stays one character, so that nothing moves', () => {
    expect([...printableLine(every)]).toHaveLength(EVERY.length);
  });

  test('no letter, number, sign, emoji or space between words is touched', () => {
    const ordinary = every.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu, '').replaceAll('\u{E0001}', '');
    expect(printableLine(ordinary) === ordinary).toBe(true);
  });

  test('a card shows none that a request may not contain', () => {
    const shown = [...new Set(printableLines(every))].filter((one) => one !== '\uFFFD');
    const refused = shown.filter((one) => {
      const read = parse(`run hello name=a${one}b`);
      return read.type === 'Unreadable' && read.why === 'hidden_characters';
    });
    expect(namesOf(refused.join(''))).toEqual([]);
  });
});

test.each(UNSEEN)('%j is seen as a box', (mark) => {
  expect(printableLine(`pay${mark}load`)).toBe('pay\uFFFDload');
  expect(printableLines(`pay${mark}load`)).toBe('pay\uFFFDload');
});

test.each(JOINERS)('%j joins on', (mark) => {
  expect(printableLine(`a${mark}b`)).toBe(`a${mark}b`);
});

test('a sequence for the terminal is words without its beginning', () => {
  expect(printableLine('\u001B[2J\u009B31mred\r\n')).toBe('\uFFFD[2J\uFFFD31mred\uFFFD\uFFFD');
  expect(printableLines('a\tb\r\nc')).toBe('a\tb\uFFFD\nc');
});

test('a family is one emoji still', () => {
  expect(printableLine('👩‍👩‍👧 ❤️')).toBe('👩‍👩‍👧 ❤️');
});

test('half a character is left as it is', () => {
  expect(printableLine('a\uD83D')).toBe('a\uD83D');
});
