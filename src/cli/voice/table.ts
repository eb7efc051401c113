import { stripVTControlCharacters } from 'node:util';
import { oneLine } from './plain-text.ts';

export type Row = readonly string[];

/** Columns in line for people; in a pipe one line per row with tabs between the cells, for `cut` and spreadsheets. */
export const table = (head: Row, rows: readonly Row[], aligned: boolean): string => {
  const cells = [head, ...rows].map((row) => row.map(oneLine));
  if (!aligned) return cells.map((row) => `${row.join('\t')}\n`).join('');
  const widths = head.map((_, column) => Math.max(...cells.map((row) => textWidth(row[column] ?? ''))));
  return cells.map((row) => `${alignedRow(row, widths)}\n`).join('');
};

const alignedRow = (row: Row, widths: readonly number[]): string =>
  row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))))
    .join('  ')
    .trimEnd();

/** How many columns of a terminal a text takes: one per character as a reader sees it, two for wide ones. */
export const textWidth = (text: string): number => {
  let width = 0;
  for (const { segment } of SEGMENTER.segment(stripVTControlCharacters(text))) {
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
};

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Emoji, and the blocks of East Asian writing that terminals draw two columns wide.
const WIDE =
  /\p{Emoji_Presentation}|\u{FE0F}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
