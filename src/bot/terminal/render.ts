import type { Delivery } from '../../core/ports/channel.ts';
import type { Action, Card, Line, Note, Span } from '../../core/text/cards/rich.ts';
import { printableLine } from '../../core/text/printable.ts';
import { momentWords, type Reader } from './moment.ts';

/** How a message is drawn: for whom, and whether the terminal shows colours. */
export interface View extends Reader {
  readonly colour: boolean;
}

export type Content = Delivery['content'];

/** A message as it goes to the screen, and the buttons that one sees with it. */
export interface Drawn {
  readonly lines: readonly string[];
  readonly buttons: readonly Action[];
}

/** A new message, whole. */
export const drawNew = (content: Content, view: View): Drawn =>
  content.kind === 'card' ? drawCard(content.card, view, 'bot ') : drawNote(content.note, view);

/** A card that this screen has never shown, or has long forgotten: whole, but marked as an edit. */
export const drawCard = (card: Card, view: View, who: Who): Drawn =>
  drawn(who, [title(card, view), ...card.lines.flatMap((line) => spelled(line, view))], card.actions, view);

/**
 * An edit of a card that stands further up: its title, and what is new below it. A title that says all by itself stands
 * alone. Buttons are repeated when they are not on the screen yet.
 */
export const drawEdit = (before: Card, card: Card, onScreen: readonly Action[], view: View): Drawn => {
  const first = title(card, view);
  if (SAYS_ALL.has(card.title) && before.title !== card.title) return drawn('bot~', [first], [], view);
  const old = new Set(before.lines.map(keyOf));
  const news = card.lines.filter((line) => !old.has(keyOf(line))).flatMap((line) => spelled(line, view));
  const { lines } = drawn('bot~', [first, ...news], [], view);
  const buttons = sameButtons(onScreen, card.actions) ? [] : buttonLine(card.actions, view);
  return { lines: [...lines, ...buttons], buttons: card.actions };
};

/** Titles of states in which nobody has to read on or to act. */
const SAYS_ALL: ReadonlySet<string> = new Set(['Queued', 'Running', 'Succeeded']);

export const sameButtons = (some: readonly Action[], others: readonly Action[]): boolean =>
  keyOf(some) === keyOf(others);

const keyOf = (value: unknown): string => JSON.stringify(value);

type Who = 'bot ' | 'bot~';

/** Lines of a message, the first one behind the name of who speaks, the others under it. */
export const spoken = (who: Who, lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => `${index === 0 ? `${who} ` : MARGIN}${line}`);

/** Text from outside, as lines that cannot move the cursor. */
export const plainSpoken = (body: string): readonly string[] =>
  spoken('bot ', body.split('\n').map(printableLine));

export const toast = (text: string): string => `${MARGIN}(toast) ${printableLine(text)}`;

export const MARGIN = '     ';

const drawNote = ({ lines, pre = [], after = [], actions }: Note, view: View): Drawn =>
  drawn(
    'bot ',
    [
      ...lines.flatMap((line) => spelled(line, view)),
      ...pre.map(printableLine),
      ...after.flatMap((line) => spelled(line, view)),
    ],
    actions,
    view,
  );

const drawn = (who: Who, lines: readonly string[], actions: readonly Action[], view: View): Drawn => ({
  lines: [...spoken(who, lines), ...buttonLine(actions, view)],
  buttons: actions,
});

const title = ({ mark, title: words, runId, badges }: Card, view: View): string => {
  const rest = badges.map((badge) => ` · ${printableLine(badge)}`).join('');
  return `${mark} ${paint(view, 'bold', printableLine(words))} · ${runId}${rest}`;
};

/** One line of ours may hold several of somebody else's: a result in the words of a job. */
const spelled = (line: Line, view: View): readonly string[] =>
  line
    .map((span) => spell(span, view))
    .join('')
    .split('\n')
    .map(printableLine);

const spell = (span: Span, view: View): string => {
  if (typeof span === 'string') return span;
  if ('code' in span) return span.code;
  if ('bold' in span) return span.bold;
  if ('mention' in span) return span.name;
  return momentWords(span, view);
};

const buttonLine = (actions: readonly Action[], view: View): readonly string[] => {
  if (actions.length === 0) return [];
  const labels = actions.map((action, index) => `[${index + 1}] ${paintedLabel(action, view)}`);
  return [MARGIN + labels.join('   ')];
};

const paintedLabel = ({ label, style }: Action, view: View): string => {
  const words = printableLine(label);
  if (style === undefined) return words;
  return paint(view, style === 'primary' ? 'green' : 'red', words);
};

const CODES = { bold: [1, 22], green: [32, 39], red: [31, 39] } as const;

/** Decoration only: without colours the same words stand there. */
const paint = (view: View, style: keyof typeof CODES, words: string): string => {
  if (!view.colour) return words;
  const [on, off] = CODES[style];
  return `\u001B[${on}m${words}\u001B[${off}m`;
};
