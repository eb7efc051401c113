import { plainLine } from '../../core/text/cards/plain.ts';
import type { Line, Span } from '../../core/text/cards/rich.ts';
import { fit, joined, type Row, rowOf, textRow } from '../rows.ts';
import { userIdOf } from './address.ts';

export const asRow = (line: Line): Row => rowOf(line.map(spanRow));

/** The lines of a fixed-width block as one row of at most `room` units; its middle gives way. */
export const asPre = (lines: readonly string[], room: number): readonly Row[] => {
  const kept = fit(
    [],
    lines.map((line) => text(line)),
    room,
  );
  const { marked, plain } = joined(kept);
  return plain === '' ? [] : [{ marked: `<pre>${marked}</pre>`, plain, units: plain.length }];
};

/** Telegram's HTML knows only these three; quotes matter in attributes, where no text of ours ever stands. */
const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Tags do not count. */
const text = textRow({ escaped, counts: 'plain' });

const spanRow = (span: Span): Row => {
  if (typeof span === 'string') return text(span);
  if ('code' in span) return text(span.code, (words) => `<code>${words}</code>`);
  if ('bold' in span) return text(span.bold, (words) => `<b>${words}</b>`);
  if ('mention' in span) {
    const id = userIdOf(span.mention);
    return text(span.name, (words) =>
      id === undefined ? words : `<a href="tg://user?id=${id}">${words}</a>`,
    );
  }
  return timeRow(span);
};

const FORMATS = { clock: 't', relative: 'r', day: 'wd', moment: 'wdt' } as const;

/** The reader's own zone; an older app shows the words inside, which name theirs. */
const timeRow = (span: Extract<Span, { time: number }>): Row => {
  const unix = Math.floor(span.time / 1000);
  return text(
    plainLine([span]),
    (words) => `<tg-time unix="${unix}" format="${FORMATS[span.as]}">${words}</tg-time>`,
  );
};
