import { describe, expect, test } from 'vitest';
import { oneLine } from '../../../src/worker/process/one-line.ts';
import { lineReader, parseProgress } from '../../../src/worker/process/progress-lines.ts';

describe('progress lines', () => {
  test.each([
    ['::progress 40 copying', { percent: 40, text: 'copying' }],
    ['::progress 40% copying', { percent: 40, text: 'copying' }],
    ['::progress 100', { percent: 100, text: '' }],
    ['::progress copying orders', { text: 'copying orders' }],
    ['::progress 400 files copied', { text: '400 files copied' }],
    ['::progress 3rd table', { text: '3rd table' }],
    ['::progress', { text: '' }],
    ['::progress 5 \u001B[31mred\u001B[0m', { percent: 5, text: 'red' }],
  ])('%j is progress', (line, progress) => expect(parseProgress(line)).toEqual(progress));

  test.each(['::progressive', ' ::progress 4', 'progress 4', '::Progress 4', ''])('%j is not', (line) =>
    expect(parseProgress(line)).toBeUndefined(),
  );
});

const linesOf = (...chunks: readonly string[]) => {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.feed(chunk);
  reader.flush();
  return lines;
};

describe('lines', () => {
  test('borders of chunks do not matter', () => {
    const text = 'one\ntwo\r\n::progress 4 x\rfour\n\nlast';
    expect(linesOf(...text.split(''))).toEqual(linesOf(text));
    expect(linesOf(text)).toEqual(['one', 'two', '::progress 4 x', 'four', 'last']);
  });

  test('of a line without end only the beginning is kept', () => {
    const [line = ''] = linesOf(...Array.from({ length: 100 }, () => 'y'.repeat(1000)));
    expect(line).toHaveLength(4096);
  });
});

describe('one line', () => {
  test('has no escape sequences, no controls, no line breaks', () =>
    expect(oneLine(' \u001B[1;31mred\u001B[0m\u0007\ttwo\nthree\u0000 \u009B')).toBe('red two three'));

  test('has at most 200 characters and no half character', () => {
    const cut = oneLine(`${'a'.repeat(198)}🚀${'b'.repeat(9)}`);
    expect(cut).toBe(`${'a'.repeat(198)}…`);
    expect(oneLine('a'.repeat(200))).toHaveLength(200);
    expect(oneLine('a'.repeat(201))).toHaveLength(200);
  });
});
