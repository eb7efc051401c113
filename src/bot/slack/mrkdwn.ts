import { plainLine } from '../../core/text/cards/plain.ts';
import type { Line, Span } from '../../core/text/cards/rich.ts';
import { type Row, rowOf, textRow } from '../rows.ts';
import { userOf } from './address.ts';
import { withCommand } from './commands.ts';

/** Slack knows only these three. Without `<` nobody is mentioned and nothing becomes a link. */
export const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Slack counts what is written, markup and all. */
const text = textRow({ escaped, counts: 'marked' });

export const asRow = (line: Line): Row => rowOf(line.map(spanRow));

/** A line of a fixed-width block. */
export const asPreRow = (line: string): Row => text(withoutTicks(line));

const spanRow = (span: Span): Row => {
  if (typeof span === 'string') return text(unmarked(withCommand(span)));
  if ('code' in span)
    return text(withoutTicks(withCommand(span.code)), (words) => (words === '' ? '' : `\`${words}\``));
  if ('bold' in span) return text(unmarked(span.bold).replaceAll('*', '∗'), (words) => `*${words}*`);
  if ('mention' in span) {
    const user = userOf(span.mention);
    return text(span.name, (words) => (user === undefined ? words : `<@${user}>`));
  }
  return timeRow(span);
};

const LOOKALIKES: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼', '`': 'ˋ' };

/**
 * There is no way to write these as what they are where Slack takes a pair of them around words for a format: at the beginning of a
 * word, with another one behind it. What cannot begin a format is left alone, so that names keep their letters.
 */
const unmarked = (words: string): string =>
  words.replaceAll(/(?<![\p{L}\p{N}])([*_~`])(?=[^\n]*?\1)/gu, (mark) => LOOKALIKES[mark] ?? mark);

/** There is no way to write one inside a code span; the look of it has to do. */
const withoutTicks = (words: string): string => words.replaceAll('`', 'ˋ');

const FORMATS = {
  clock: '{time}',
  relative: '{time}',
  day: '{date_short}',
  moment: '{date_short} {time}',
} as const;

/** The reader's own zone; what cannot show it shows the words behind it, which name theirs. */
const timeRow = (span: Extract<Span, { time: number }>): Row => {
  const unix = Math.floor(span.time / 1000);
  return text(plainLine([span]), (words) => `<!date^${unix}^${FORMATS[span.as]}|${words}>`);
};
