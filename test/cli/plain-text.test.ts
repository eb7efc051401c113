import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GlobalFlags } from '../../src/cli/voice/io.ts';
import { harmless, harmlessJson, oneLine } from '../../src/cli/voice/plain-text.ts';
import type { Problem } from '../../src/cli/voice/stop.ts';
import { createVoice } from '../../src/cli/voice/voice.ts';

/** What terminals obey instead of showing it, by what Unicode calls it. */
const steers = (sign: string): boolean =>
  (/\p{Cc}/u.test(sign) && !'\t\n'.includes(sign)) ||
  (/\p{Bidi_Control}/u.test(sign) && !'\u061c\u200e\u200f'.includes(sign));

/** Every character but the halves of surrogate pairs. */
const EVERY = Array.from({ length: 0x1_1000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

const REPLACED = '\u{FFFD}';
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'ß',
    '日',
    '👩',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u001b',
    '[2J',
    '\u009b',
    '\u202e',
    '\u0000',
  ),
  maxLength: 30,
});

describe('text from outside', () => {
  test('loses exactly the characters that steer a terminal', () => {
    const wrong = EVERY.filter((sign) => harmless(sign) !== (steers(sign) ? REPLACED : sign));
    expect(wrong.map((sign) => sign.codePointAt(0)?.toString(16))).toEqual([]);
  });

  test('keeps its length, so that nothing is hidden, and is not changed twice', () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = harmless(given);
        expect(shown).toHaveLength(given.length);
        expect(harmless(shown)).toBe(shown);
      }),
    );
  });

  test('is one cell of one row, whatever it holds', () => {
    fc.assert(
      fc.property(text, (given) => {
        const cell = oneLine(given);
        expect(cell).not.toMatch(/[\r\n\t]/);
        expect([...cell].some(steers)).toBe(false);
        expect(oneLine(cell)).toBe(cell);
      }),
    );
  });

  test.each([
    ['a\r\n\r\n  b', 'a b'],
    ['a \t b', 'a b'],
    ['a\u000bb\u000cc\u0085d', `a${REPLACED}b${REPLACED}c${REPLACED}d`],
    // An answer in another colour, drawn over the line before it.
    ['\u001b[1A\u001b[2Kok: 8 events', `${REPLACED}[1A${REPLACED}[2Kok: 8 events`],
    ['backup\u202egpj.exe', `backup${REPLACED}gpj.exe`],
    ['  spaces  stay  ', '  spaces  stay  '],
  ])('%j in one line is %j', (given, shown) => expect(oneLine(given)).toBe(shown));

  test('in a document steers nothing, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text)), fc.constantFrom(undefined, 2), (value, indent) => {
        const document = harmlessJson(value, indent);
        expect([...document].some(steers)).toBe(false);
        expect(JSON.parse(document)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(harmlessJson({ name: 'é\u009b2J\u007f' })).toBe(String.raw`{"name":"é\u009b2J\u007f"}`);
  });
});

const voiceOf = (flags: Partial<GlobalFlags>) => {
  const out: string[] = [];
  const err: string[] = [];
  const voice = createVoice(
    { stdout: { write: (words) => out.push(words) }, stderr: { write: (words) => err.push(words) }, env: {} },
    { json: false, color: true, quiet: false, ...flags },
  );
  return { voice, out: () => out.join(''), err: () => err.join('') };
};

const problem: Problem = {
  code: 'BAD_CONFIGURATION',
  message: '2 problems in the configuration',
  lines: ['a.yaml:1:1 a: missing', 'a.yaml:2:1 b: missing'],
  inFull: ['a.yaml:1:1 a: missing\n  1 | x\u001b[2J', 'a.yaml:2:1 b: missing\n  2 | y'],
  hint: 'Correct it.',
};

describe('a command', () => {
  test('ends what it says with one line feed, and adds none', () => {
    const { voice, out, err } = voiceOf({});
    voice.data('one');
    voice.data('two\n');
    voice.data('');
    voice.talk('a hint');
    expect(out()).toBe('one\ntwo\n\n');
    expect(err()).toBe('a hint\n');
  });

  test.each([
    [{ quiet: true }, ''],
    [{ json: true }, ''],
    [{}, 'a hint\n'],
  ])('with %j gives hints as %j, and its data all the same', (flags, hint) => {
    const { voice, out, err } = voiceOf(flags);
    voice.talk('a hint');
    voice.data('data');
    expect([out(), err()]).toEqual(['data\n', hint]);
  });

  test('tells a problem to people in full, and quiet hides neither it nor what to do about it', () => {
    for (const quiet of [false, true]) {
      const { voice, out, err } = voiceOf({ quiet });
      voice.fail(problem);
      expect(out()).toBe('');
      expect(err()).toBe(
        `a.yaml:1:1 a: missing\n  1 | x${REPLACED}[2J\na.yaml:2:1 b: missing\n  2 | y\nCorrect it.\n`,
      );
    }
  });

  test('tells a problem to scripts in one line, with all that can be compared', () => {
    const { voice, err } = voiceOf({ json: true });
    voice.fail(problem);
    voice.fail({ code: 'RUN_NOT_FOUND', message: 'No run \u009b.', runId: '\u009b' });
    const [first = '', second = '', ...rest] = err().split('\n');
    expect(rest).toEqual(['']);
    expect(JSON.parse(first)).toEqual({
      error: {
        code: 'BAD_CONFIGURATION',
        message: problem.message,
        hint: 'Correct it.',
        run_id: null,
        problems: problem.lines,
      },
    });
    expect(second).not.toContain('\u009b');
    expect(JSON.parse(second)).toEqual({
      error: { code: 'RUN_NOT_FOUND', message: 'No run \u009b.', hint: null, run_id: '\u009b' },
    });
  });

  test('gives a document with its name, its data and its warnings', () => {
    const { voice, out } = voiceOf({ json: true });
    voice.document('runs', [{ summary: '\u001b]0;title\u0007' }], ['old']);
    expect(out()).not.toMatch(/[\u0007\u001b]/);
    expect(JSON.parse(out())).toEqual({
      schema: 'textops.runs/v1',
      data: [{ summary: '\u001b]0;title\u0007' }],
      warnings: ['old'],
    });
  });
});
