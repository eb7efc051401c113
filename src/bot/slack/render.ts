import type { ButtonToken, Delivery } from '../../core/ports/channel.ts';
import type { Action, Card, Confirmation, Line, Note } from '../../core/text/cards/rich.ts';
import { fit, joined, type Row } from '../rows.ts';
import { buttonValue } from './button-value.ts';
import { asPreRow, asRow, escaped } from './mrkdwn.ts';

/** Of one text in a block. */
export const TEXT_MAX = 3000;

/** Buttons in one row of blocks; a message has room for many rows. */
const BUTTONS_MAX = 25;
const LABEL_MAX = 75;

export interface Rendered {
  readonly blocks: readonly Block[];
  /** The same words without blocks: for notifications, for screen readers, and for the day our blocks have a fault. */
  readonly text: string;
}

export type Block = SectionBlock | ActionsBlock;

interface SectionBlock {
  readonly type: 'section';
  readonly text: { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };
}

interface ActionsBlock {
  readonly type: 'actions';
  readonly elements: readonly ButtonElement[];
}

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
}

interface ButtonElement {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: PlainText;
    readonly text: PlainText;
    readonly confirm: PlainText;
    readonly deny: PlainText;
    readonly style?: 'primary' | 'danger';
  };
}

export const render = (content: Delivery['content'], token: ButtonToken): Rendered =>
  content.kind === 'card' ? renderCard(content.card, token) : renderNote(content.note, token);

const renderCard = (card: Card, token: ButtonToken): Rendered => {
  const rows = fit([headOf(card)], card.lines.map(asRow), TEXT_MAX);
  return rendered([section(rows)], rows, card.actions, token);
};

/** `*Approval needed*  `K7M2QX`  HEAVY`. */
const headOf = ({ title, runId, badges, lead }: Card): Row => {
  const tail = badges.map((badge): Line => [`  ${badge}`]).flat();
  const behind = lead === undefined ? [] : ['  ', ...lead];
  return asRow([{ bold: title }, '  ', { code: runId }, ...tail, ...behind]);
};

const renderNote = (note: Note, token: ButtonToken): Rendered => {
  const { lines, pre = [], after = [], actions } = note;
  const words = fit([], lines.map(asRow), TEXT_MAX);
  const block = fit([], pre.map(asPreRow), TEXT_MAX - FENCES);
  const behind = fit([], after.map(asRow), TEXT_MAX);
  const sections = [section(words), section(block, '```'), section(behind)];
  return rendered(sections, [...words, ...block, ...behind], actions, token);
};

const FENCES = 8;

const rendered = (
  sections: readonly (SectionBlock | undefined)[],
  rows: readonly Row[],
  actions: readonly Action[],
  token: ButtonToken,
): Rendered => ({
  blocks: [...sections.filter((one) => one !== undefined), ...actionsOf(actions, token)],
  text: escaped(
    fit([], rows, TEXT_MAX)
      .map(({ plain }) => plain)
      .join('\n'),
  ),
});

/** Undefined where there is nothing to say: Slack refuses an empty text, and with it the whole message. */
const section = (rows: readonly Row[], fence = ''): SectionBlock | undefined => {
  const { marked } = joined(rows);
  if (marked.trim() === '') return undefined;
  const text = fence === '' ? marked : `${fence}\n${marked}\n${fence}`;
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
};

const actionsOf = (actions: readonly Action[], token: ButtonToken): readonly ActionsBlock[] => {
  const elements = actions.flatMap((action, index): ButtonElement[] => {
    const value = buttonValue(action, token);
    return value === undefined ? [] : [button(action, value, index)];
  });
  return elements.length === 0 ? [] : [{ type: 'actions', elements: elements.slice(0, BUTTONS_MAX) }];
};

const button = ({ label, style, confirm }: Action, value: string, index: number): ButtonElement => ({
  type: 'button',
  action_id: `textops:${index}`,
  text: plainText(label, LABEL_MAX),
  value,
  ...(style === undefined ? {} : { style }),
  ...(confirm === undefined
    ? {}
    : { confirm: { ...dialog(confirm), ...(style === undefined ? {} : { style }) } }),
});

const dialog = ({ title, text, yes, no }: Confirmation) => ({
  title: plainText(title, 100),
  text: plainText(text, 300),
  confirm: plainText(yes, 30),
  deny: plainText(no, 30),
});

export const plainText = (words: string, max: number): PlainText => {
  const known = words.trim() === '' ? '…' : words;
  return {
    type: 'plain_text',
    text: known.length > max ? `${known.slice(0, max - 1).toWellFormed()}…` : known,
  };
};
