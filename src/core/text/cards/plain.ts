import { isoOf } from '../../time/instant.ts';
import { zonedMoment } from '../../time/zoned.ts';
import type { Line, Span } from './rich.ts';

/** Text without any markup: the dev door, logs, screen readers. Times are UTC, because nobody knows the reader's zone. */
export const plainLine = (line: Line): string => line.map(plainSpan).join('');

export const plainLines = (lines: readonly Line[]): readonly string[] => lines.map(plainLine);

const plainSpan = (span: Span): string => {
  if (typeof span === 'string') return span;
  if ('code' in span) return span.code;
  if ('bold' in span) return span.bold;
  if ('mention' in span) return span.name;
  if (span.as === 'moment') return `${zonedMoment(span.time, 'UTC')} UTC`;
  const iso = isoOf(span.time);
  return span.as === 'day' ? iso.slice(0, 10) : `${iso.slice(11, 16)} UTC`;
};
