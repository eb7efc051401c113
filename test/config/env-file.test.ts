import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withVariables } from '../../src/config/env-file.ts';

const TOKEN = '123456789:AA_bb-cc';

describe('an .env file', () => {
  test.each([
    ['', 'T=new\n'],
    ['# mine\nA=1\n', '# mine\nA=1\nT=new\n'],
    ['A=1', 'A=1\nT=new\n'],
    ['A=1\r\nB=2\r\n', 'A=1\r\nB=2\r\nT=new\r\n'],
    ['# the bot\nT=\nA=1\n', '# the bot\nT=new\nA=1\n'],
    ['A=1\r\nT=old\r\nB=2\r\n', 'A=1\r\nT=new\r\nB=2\r\n'],
    ['export T="old" # of Ana\nA=1', 'export T=new # of Ana\nA=1'],
    ['  T = old\nA=1\n', '  T =new\nA=1\n'],
    ['T=first\nT=second\n', 'T=first\nT=new\n'],
    ['#T=old\n', '#T=old\nT=new\n'],
    // Inside of quotes that span lines nothing is a variable.
    ["A='\nT=old\n'\n", "A='\nT=old\n'\nT=new\n"],
    // The reader takes what comes after an empty value and a space for that value.
    ['A= ', 'T=new\nA= '],
    ['TT=1\nT_T=2\n', 'TT=1\nT_T=2\nT=new\n'],
  ])('%j becomes %j', (text, expected) => {
    expect(withVariables(text, { T: 'new' })).toBe(expected);
  });

  test('several variables are set in their order', () => {
    expect(withVariables('B=\n', { A: '1', B: TOKEN })).toBe(`B=${TOKEN}\nA=1\n`);
  });

  test('a value is quoted as far as it takes, and refused beyond', () => {
    expect(withVariables('', { T: 'a#b' })).toBe("T='a#b'\n");
    expect(withVariables('', { T: `a'#b` })).toBe("T=`a'#b`\n");
    expect(withVariables('', { T: '\'`"' })).toBeUndefined();
  });
});

const line = fc.oneof(
  fc.constantFrom(
    '',
    '# a comment',
    'T=old',
    ' T = "old" # why',
    "export T='old'",
    'TT=1',
    '#T=old',
    'T=',
    'U=',
  ),
  fc.constantFrom("A='", '"', '`', 'A= ', 'B="x', 'C=a # b', 'no sign', '=x', '\tD=1'),
  fc.string({ maxLength: 12 }),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, closed]) => lines.join(end) + (closed && lines.length > 0 ? end : ''));
const value = fc.oneof(fc.constant(TOKEN), fc.stringMatching(/^[!-~]{1,40}$/));

test('whatever stands in it, the value reads back and every other line survives byte for byte', () => {
  fc.assert(
    fc.property(file, value, (text, wanted) => {
      const next = withVariables(text, { T: wanted });
      if (next === undefined) return;
      expect(parseEnv(next)).toEqual({ ...parseEnv(text), T: wanted });
      const [before, after] = [text, next].map((each) =>
        each.split('\n').map((one) => one.replace(/\r$/, '')),
      );
      const isChanged = (one: string) => /^[ \t]*(?:export[ \t]+)?T[ \t]*=/.test(one);
      expect(after?.filter((one) => !isChanged(one)).filter(Boolean)).toEqual(
        before?.filter((one) => !isChanged(one)).filter(Boolean),
      );
      expect(after?.filter(isChanged).length).toBeLessThanOrEqual(
        (before?.filter(isChanged).length ?? 0) + 1,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a token can be kept in every file that has no open quote', () => {
  const plain = fc.array(fc.constantFrom('', '# c', 'T=old', 'A=1', 'A= ', 'export T=x # y', 'B="q"'), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(plain, (lines) => {
      expect(withVariables(lines.join('\n'), { T: TOKEN })).toBeDefined();
    }),
  );
});
