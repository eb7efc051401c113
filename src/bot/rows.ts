import { printableLines } from '../core/text/printable.ts';

/** One line of a message in both forms. */
export interface Row {
  /** With the channel's markup around it and inside it. */
  readonly marked: string;
  /** The same words without markup. */
  readonly plain: string;
  /** What the channel will count. */
  readonly units: number;
}

/** A single span longer than this is cut in the middle, so that no line alone can fill a message. */
const SPAN_MAX = 1000;

/** How a channel escapes text, and whether it counts what was written or what is shown. */
export interface Markup {
  readonly escaped: (text: string) => string;
  readonly counts: 'marked' | 'plain';
}

/** Text from outside as a row, with markup of ours around it. */
export const textRow =
  ({ escaped, counts }: Markup) =>
  (text: string, dress: (escaped: string) => string = (inner) => inner): Row => {
    const plain = clipped(printableLines(text));
    const marked = dress(escaped(plain));
    return { marked, plain, units: counts === 'marked' ? marked.length : plain.length };
  };

export const rowOf = (parts: readonly Row[]): Row => ({
  marked: parts.map(({ marked }) => marked).join(''),
  plain: parts.map(({ plain }) => plain).join(''),
  units: parts.reduce((sum, { units }) => sum + units, 0),
});

/**
 * As many rows as have room: the pinned ones always, the others from both ends, and a marker where the middle is missing.
 */
export const fit = (pinned: readonly Row[], rows: readonly Row[], room: number): readonly Row[] => {
  if (unitsOf([...pinned, ...rows]) <= room) return [...pinned, ...rows];
  const left = room - unitsOf(pinned) - MARKER_MAX;
  const { head, tail } = ends(rows, left);
  const marker = `… ${rows.length - head.length - tail.length} lines left out …`;
  return [...pinned, ...head, { marked: marker, plain: marker, units: marker.length }, ...tail];
};

export const joined = (rows: readonly Row[]): { readonly marked: string; readonly plain: string } => ({
  marked: rows.map(({ marked }) => marked).join('\n'),
  plain: rows.map(({ plain }) => plain).join('\n'),
});

const MARKER_MAX = 40;

/** Each row with the line break behind it. */
export const unitsOf = (rows: readonly Row[]): number => rows.reduce((sum, { units }) => sum + units + 1, 0);

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

const clipped = (text: string): string => {
  if (text.length <= SPAN_MAX) return text;
  const half = Math.floor(SPAN_MAX / 2) - 1;
  return `${text.slice(0, half).toWellFormed()}…${text.slice(-half).toWellFormed()}`;
};
