import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Brief, fitted, wholeOf } from '../../../src/core/text/cards/brief.ts';
import { ALPHABET, drawn, readLetters } from '../../../src/core/text/grammar/crockford.ts';
import { nearest } from '../../../src/core/text/grammar/nearest.ts';
import { gsm, gsmWhole, septets } from '../../../src/core/text/sms/gsm.ts';
import { formatDuration, parseDuration, shortDuration } from '../../../src/core/time/duration.ts';

const anything = fc.string({ unit: 'binary', maxLength: 60 });

describe('the letters of a text message', () => {
  test('count once, and stay as they are when they are read again', () =>
    fc.assert(
      fc.property(anything, (text) => {
        const plain = gsm(text);
        expect(gsm(plain)).toBe(plain);
        expect(septets(plain)).toBe(plain.length);
        expect(plain).not.toMatch(/[\r\n\t\u0000-\u001F]/);
      }),
    ));

  test('of the whole alphabet count at most twice, and never make a longer message', () =>
    fc.assert(
      fc.property(anything, (text) => {
        const whole = gsmWhole(text);
        expect(gsmWhole(whole)).toBe(whole);
        expect(septets(whole)).toBeLessThanOrEqual(2 * whole.length);
      }),
    ));

  test.each([
    ['déjà vu', 'déjà vu'],
    ['Łódź ç ê', '?odz c e'],
    ['“Ja” – ‚nein‘ … →', '"Ja" - \'nein\' ... -'],
    ['a\u00A0b\n\tc', 'a b c'],
    ['½ ﬁ Ⅳ', '1?2 fi IV'],
    ['🚀', '?'],
    ['{x} €5', '?x? ?5'],
  ])('%j becomes %j', (text, plain) => expect(gsm(text)).toBe(plain));

  test('brackets and the euro stay in the whole alphabet, and count twice', () => {
    expect(gsmWhole('{x} €5 [~]|^\\')).toBe('{x} €5 [~]|^\\');
    expect(septets('{x} €5 [~]|^\\')).toBe(13 + 9);
  });
});

const piece = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc
    .tuple(fc.string({ maxLength: 20 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
    .map(([words, drop, cut]) => ({ words, drop, ...(cut && { cut: true as const }) })),
);

const lettersOf = (words: string): number => [...words].length;

describe('a brief', () => {
  test('fits where it must, by whatever measure, and is whole where there is room', () =>
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.integer({ min: 3, max: 60 }),
        fc.constantFrom(septets, lettersOf),
        (brief: Brief, max, measure) => {
          const said = fitted(brief, max, measure);
          expect(measure(said)).toBeLessThanOrEqual(max);
          expect(said === wholeOf(brief)).toBe(measure(wholeOf(brief)) <= max);
        },
      ),
    ));

  test('keeps what always stays, as long as that alone has room', () =>
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.integer({ min: 3, max: 60 }), (brief: Brief, max) => {
        const firm = brief.filter((one) => typeof one === 'string');
        fc.pre(lettersOf(firm.join('')) <= max);
        const said = fitted(brief, max, lettersOf);
        let from = 0;
        for (const words of firm) {
          const at = said.indexOf(words, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + words.length;
        }
      }),
    ));

  test('what goes first goes with all that has its number, and is cut before it goes', () => {
    const brief: Brief = [
      'Run K7? ',
      { words: 'A long reason that goes on', drop: 1, cut: true },
      { words: ' by Ana', drop: 2 },
      { words: ' (prod)', drop: 2 },
      ' YES K7',
    ];
    const at = (max: number) => fitted(brief, max, lettersOf);
    expect(at(55)).toBe(wholeOf(brief));
    expect(at(45)).toBe('Run K7? A long reason... by Ana (prod) YES K7');
    expect(at(35)).toBe('Run K7?  by Ana (prod) YES K7');
    expect(at(28)).toBe('Run K7?  YES K7');
    expect(at(8)).toBe('Run K...');
  });
});

describe('letters that are read aloud', () => {
  test('come back as they were drawn, in whatever case they are typed', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (chances) => {
        const left = [...chances];
        const text = drawn(chances.length, () => left.shift() ?? 0);
        expect(text).toHaveLength(chances.length);
        expect(readLetters(text.toLowerCase())).toBe(text);
      }),
    ));

  test('are every letter of the alphabet once, by the same chance', () => {
    const drawnAll = Array.from(ALPHABET, (_, at) => drawn(1, () => (at + 0.5) / ALPHABET.length));
    expect(drawnAll.join('')).toBe(ALPHABET);
  });

  test.each([
    ['oil', '011'],
    ['u', undefined],
    ['a b', undefined],
    ['ß', undefined],
    ['', ''],
  ])('%j is read as %j', (typed, read) => expect(readLetters(typed)).toBe(read));
});

/** Near the moments at which a unit is full. */
const nearFull = fc
  .tuple(
    fc.constantFrom(100, 10_000, 60_000, 3_600_000, 86_400_000),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: -600, max: 600 }),
  )
  .map(([unit, times, off]) => Math.max(0, unit * times + off));

describe('a duration', () => {
  test('is read back from its one canonical text', () =>
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.maxSafeInteger()), (ms) => {
        const whole = Math.abs(ms);
        expect(parseDuration(shortDuration(whole))).toBe(whole);
      }),
    ));

  test('for people has two units at most, and none of sixty', () =>
    fc.assert(
      fc.property(fc.oneof(nearFull, fc.integer({ min: 0, max: 4e8 })), (ms) => {
        const words = formatDuration(ms);
        expect(words).toMatch(/^\d+(?:\.\d)?(?:ms|[smhd])(?: \d+[smh])?$/);
        expect(words).not.toMatch(/\b60[sm]|\b24h/);
      }),
    ));

  test('for people never grows shorter as time goes on', () =>
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 4e8 }), fc.integer({ min: 0, max: 1e6 }), (ms, more) => {
        const read = (of: number) => parseDuration(formatDuration(of).replaceAll(' ', '')) ?? 0;
        // Tenths of a second are for people only.
        fc.pre(ms >= 10_000);
        expect(read(ms + more)).toBeGreaterThanOrEqual(read(ms));
        expect(Math.abs(read(ms) - ms)).toBeLessThan(Math.max(1000, ms / 20));
      }),
    ));
});

describe('what a mistyped word may have meant', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 8 });

  test('are names that there are, each once, and no more than asked for', () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), names, fc.integer({ min: 0, max: 4 }), (word, all, max) => {
        const found = nearest(word, [...all, ...all], max);
        expect(found.length).toBeLessThanOrEqual(max);
        expect(new Set(found).size).toBe(found.length);
        expect(all).toEqual(expect.arrayContaining(found));
      }),
    ));

  test('is the name with one slip in it, whatever the slip is', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{4,8}$/),
        fc.nat(),
        fc.constantFrom('left out', 'doubled', 'swapped', 'wrong'),
        (name, place, slip) => {
          const at = place % (name.length - 1);
          const [before, letter, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
          const typed = {
            'left out': before + after,
            doubled: before + letter + letter + after,
            swapped: before + after.charAt(0) + letter + after.slice(1),
            wrong: `${before}-${after}`,
          }[slip];
          expect(nearest(typed.toUpperCase(), ['0', name, '9999999999'])).toEqual([name]);
        },
      ),
    ));
});
