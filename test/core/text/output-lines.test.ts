import { expect, test } from 'vitest';
import { outputLines } from '../../../src/core/text/cards/output-lines.ts';

test('colours, cursor movements and titles are not words', () =>
  expect(outputLines('\u001B[32mok\u001B[0m 12 files\u001B]0;title\u0007\n\u001B[2K\u001B[1Adone')).toEqual([
    'ok 12 files',
    'done',
  ]));

test('progress lines, empty lines and carriage returns are no lines of the job', () =>
  expect(outputLines('::progress 40 half\n\n10%\r20%\rall written  \r\n')).toEqual([
    '10%',
    '20%',
    'all written',
  ]));
