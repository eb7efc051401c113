import type { ButtonToken, Delivery } from '../../core/ports/channel.ts';
import type { Action, Card, Line, Note } from '../../core/text/cards/rich.ts';
import { fit, joined, type Row, unitsOf } from '../rows.ts';
import { callbackData } from './callback-data.ts';
import { asPre, asRow } from './rows.ts';

/** Telegram counts UTF-16 units after it has read the tags. */
export const TEXT_MAX = 4096;

const BUTTONS_PER_ROW = 3;

export interface Button {
  readonly text: string;
  readonly callback_data: string;
  readonly style?: 'success' | 'danger';
}

export interface Rendered {
  readonly html: string;
  /** The same words without markup, for the day our escaping has a fault. */
  readonly plain: string;
  readonly keyboard: readonly (readonly Button[])[];
  readonly silent: boolean;
}

export const render = (content: Delivery['content'], token: ButtonToken): Rendered =>
  content.kind === 'card' ? renderCard(content.card, token) : renderNote(content.note, token);

const renderCard = (card: Card, token: ButtonToken): Rendered => {
  const rows = fit([headOf(card)], card.lines.map(asRow), TEXT_MAX);
  return { ...htmlOf(rows), keyboard: keyboardOf(card.actions, token), silent: false };
};

/** The id stands in fixed width, because a tap on it copies it. */
const headOf = ({ mark, title, runId, badges }: Card): Row => {
  const tail = badges.map((badge): Line => [` · ${badge}`]).flat();
  return asRow([`${mark} `, { bold: title }, ' · ', { code: runId }, ...tail]);
};

const renderNote = (note: Note, token: ButtonToken): Rendered => {
  const { lines, pre = [], after = [], actions, silent = false } = note;
  const before = lines.map(asRow);
  const behind = after.map(asRow);
  const around = unitsOf([...before, ...behind]);
  // The output gives way first, then the words.
  const block = pre.length === 0 ? [] : asPre(pre, Math.max(0, TEXT_MAX - around));
  const [head, ...rest] = before;
  const rows = fit(head === undefined ? [] : [head], [...rest, ...block, ...behind], TEXT_MAX);
  return { ...htmlOf(rows), keyboard: keyboardOf(actions, token), silent };
};

const htmlOf = (rows: readonly Row[]): Pick<Rendered, 'html' | 'plain'> => {
  const { marked, plain } = joined(rows);
  return { html: marked, plain };
};

const STYLES = { primary: 'success', danger: 'danger' } as const;

const keyboardOf = (actions: readonly Action[], token: ButtonToken): Rendered['keyboard'] => {
  const buttons = actions.flatMap((action): Button[] => {
    const callback_data = callbackData(action, token);
    if (callback_data === undefined) return [];
    const { label, style } = action;
    return [{ text: label, callback_data, ...(style === undefined ? {} : { style: STYLES[style] }) }];
  });
  const rows = Math.ceil(buttons.length / BUTTONS_PER_ROW);
  return Array.from({ length: rows }, (_, row) =>
    buttons.slice(row * BUTTONS_PER_ROW, (row + 1) * BUTTONS_PER_ROW),
  );
};
