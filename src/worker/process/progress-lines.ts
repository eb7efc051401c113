import type { ExecutionProgress } from '../../core/ports/executor.ts';
import { oneLine } from './one-line.ts';

/** `::progress 40 text` or `::progress text`; undefined for every other line. */
export const parseProgress = (line: string): ExecutionProgress | undefined => {
  const match = PROGRESS.exec(line);
  if (match === null) return undefined;
  const [, number, text = ''] = match;
  if (number === undefined) return { text: oneLine(text) };
  const percent = Number(number);
  // "400 files" is a text that begins with a number, not a percentage.
  return percent > 100 ? { text: oneLine(`${number} ${text}`) } : { percent, text: oneLine(text) };
};

const PROGRESS = /^::progress(?=\s|$)(?:\s+(\d{1,9})%?(?=\s|$))?\s*(.*)$/;

/** More of a line is never kept: a job may write gigabytes without a newline. */
const LINE_CHARS_MAX = 4096;

/** Cuts text into lines across the borders of chunks. A carriage return ends a line too, as progress bars use it. */
export const lineReader = (onLine: (line: string) => void) => {
  let line = '';
  const append = (part: string) => {
    line += part.slice(0, LINE_CHARS_MAX - line.length);
  };
  const end = () => {
    if (line !== '') onLine(line);
    line = '';
  };
  return {
    feed: (text: string): void => {
      let from = 0;
      for (const { index } of text.matchAll(LINE_END)) {
        append(text.slice(from, index));
        end();
        from = index + 1;
      }
      append(text.slice(from));
    },
    flush: end,
  };
};

const LINE_END = /[\r\n]/g;
