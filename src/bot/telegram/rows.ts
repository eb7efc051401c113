import { plainLine } from '../../core/text/plain.ts';
import type { Line, Span } from '../../core/text/rich.ts';
import { userIdOf } from './address.ts';

/** One line of a message in both forms; `units` is what Telegram will count. */
export interface Row {
  readonly html: string;
  readonly plain: string;
  readonly units: number;
}

/** A single span longer than this is cut in the middle, so that no line alone can fill a message. */
const SPAN_MAX = 1000;

export const asRow = (line: Line): Row => rowOf(line.map((span) => spanRow(span)));

/** The lines of a fixed-width block as one row of at most `room` units; its middle gives way. */
export const asPre = (lines: readonly string[], room: number): readonly Row[] => {
  const kept = fit(
    [],
    lines.map((line) => textRow(line)),
    room,
  );
  const { html, plain } = joined(kept);
  return plain === '' ? [] : [{ html: `<pre>${html}</pre>`, plain, units: plain.length }];
};

/**
 * As many rows as have room: the pinned ones always, the others from both ends, and a marker where the middle is missing.
 */
export const fit = (pinned: readonly Row[], rows: readonly Row[], room: number): readonly Row[] => {
  if (unitsOf([...pinned, ...rows]) <= room) return [...pinned, ...rows];
  const left = room - unitsOf(pinned) - MARKER_MAX;
  const { head, tail } = ends(rows, left);
  const missing = rows.length - head.length - tail.length;
  return [...pinned, ...head, textRow(`… ${missing} lines left out …`), ...tail];
};

export const joined = (rows: readonly Row[]): { readonly html: string; readonly plain: string } => ({
  html: rows.map(({ html }) => html).join('\n'),
  plain: rows.map(({ plain }) => plain).join('\n'),
});

const MARKER_MAX = 40;

/** Each row with the line break behind it. */
const unitsOf = (rows: readonly Row[]): number => rows.reduce((sum, { units }) => sum + units + 1, 0);

/** Takes rows by turns from the end and from the beginning; what ended last matters most. */
const ends = (rows: readonly Row[], room: number) => {
  const head: Row[] = [];
  const tail: Row[] = [];
  let left = room;
  for (let taken = 0; taken < rows.length; taken += 1) {
    const fromEnd = taken % 2 === 0;
    const row = fromEnd ? rows[rows.length - 1 - tail.length] : rows[head.length];
    if (row === undefined || row.units + 1 > left) break;
    left -= row.units + 1;
    if (fromEnd) tail.unshift(row);
    else head.push(row);
  }
  return { head, tail };
};

const rowOf = (parts: readonly Row[]): Row => ({
  html: parts.map(({ html }) => html).join(''),
  plain: parts.map(({ plain }) => plain).join(''),
  units: parts.reduce((sum, { units }) => sum + units, 0),
});

const textRow = (text: string, dress: (escaped: string) => string = (escaped) => escaped): Row => {
  const plain = clipped(shown(text));
  return { html: dress(escaped(plain)), plain, units: plain.length };
};

const spanRow = (span: Span): Row => {
  if (typeof span === 'string') return textRow(span);
  if ('code' in span) return textRow(span.code, (text) => `<code>${text}</code>`);
  if ('bold' in span) return textRow(span.bold, (text) => `<b>${text}</b>`);
  if ('mention' in span) {
    const id = userIdOf(span.mention);
    return textRow(span.name, (text) =>
      id === undefined ? text : `<a href="tg://user?id=${id}">${text}</a>`,
    );
  }
  return timeRow(span);
};

const FORMATS = { clock: 't', relative: 'r', day: 'wd', moment: 'wdt' } as const;

/** The reader's own zone; an older app shows the words inside, which name theirs. */
const timeRow = (span: Extract<Span, { time: number }>): Row => {
  const unix = Math.floor(span.time / 1000);
  return textRow(
    plainLine([span]),
    (text) => `<tg-time unix="${unix}" format="${FORMATS[span.as]}">${text}</tg-time>`,
  );
};

/** Telegram's HTML knows only these three; quotes matter in attributes, where no text of ours ever stands. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Controls and direction marks in a name or an output would let a card show something else than it says. */
const shown = (text: string): string => text.replaceAll(DECEIVING, '\uFFFD');

const DECEIVING =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

const clipped = (text: string): string => {
  if (text.length <= SPAN_MAX) return text;
  const half = Math.floor(SPAN_MAX / 2) - 1;
  return `${text.slice(0, half).toWellFormed()}…${text.slice(-half).toWellFormed()}`;
};
