import { describe, expect, test } from 'vitest';
import { harmless, oneLine } from '../../src/cli/voice/plain-text.ts';
import { table, textWidth } from '../../src/cli/voice/table.ts';
import { createVoice } from '../../src/cli/voice/voice.ts';

describe('table', () => {
  test('counts what a reader sees, not code units', () => {
    expect(['abc', 'é', 'e\u0301', '日本', '👩‍👩‍👧', '✅'].map(textWidth)).toEqual([3, 1, 1, 4, 2, 2]);
    const lines = table(
      ['A', 'B'],
      [
        ['日本', 'x'],
        ['abcd', 'y'],
      ],
      true,
    ).split('\n');
    expect(lines).toEqual(['A     B', '日本  x', 'abcd  y', '']);
  });

  test('in a pipe a cell can break neither its row nor its column', () => {
    expect(table(['A', 'B'], [['one\ttwo', 'three\nfour']], false)).toBe('A\tB\none two\tthree four\n');
  });
});

test('text from outside cannot steer the terminal', () => {
  expect(harmless('red \u001b[31m and back\u202e')).toBe('red \u{FFFD}[31m and back\u{FFFD}');
  expect(harmless('two\nlines\tand a tab')).toBe('two\nlines\tand a tab');
  expect(oneLine('two\r\nlines')).toBe('two lines');
});

test.each([
  [{}, true, true, true],
  [{}, true, false, false],
  [{ NO_COLOR: '1' }, true, true, false],
  [{ NO_COLOR: '' }, true, true, true],
  [{}, false, true, false],
  [{ FORCE_COLOR: '1' }, true, false, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, true, false],
])('colours: environment %j, flag %s, terminal %s', (env, color, isTTY, expected) => {
  const sink = { write: () => true, isTTY };
  const { paint } = createVoice({ stdout: sink, stderr: sink, env }, { json: false, color, quiet: false });
  expect(paint('red', 'x') !== 'x').toBe(expected);
});
