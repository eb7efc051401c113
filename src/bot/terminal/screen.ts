import type { Action, Card } from '../../core/text/cards/rich.ts';
import { type Content, type Drawn, drawCard, drawEdit, drawNew, sameButtons, type View } from './render.ts';

/** What stands on the screen, as far as it can still be edited or pressed; the newest is last. */
export type Screen = readonly Shown[];

interface Shown {
  readonly messageId: string;
  /** The content as text, to recognise the same content when it comes again. */
  readonly fingerprint: string;
  readonly card?: Card;
  /** The buttons that one sees, in the order of their numbers. */
  readonly buttons: readonly Action[];
  /** It has shown buttons at some time. */
  readonly offered: boolean;
}

export const emptyScreen: Screen = [];

/** What is further up than this has scrolled away for good; its edits are shown as whole cards. */
const SHOWN_MAX = 100;

/** Draws a message under what is there. The same content again draws nothing. */
export const show = (
  screen: Screen,
  message: { readonly messageId: string; readonly content: Content; readonly edit: boolean },
  view: View,
): { readonly screen: Screen; readonly lines: readonly string[] } => {
  const { messageId, content, edit } = message;
  const before = screen.find((shown) => shown.messageId === messageId);
  const fingerprint = JSON.stringify(content);
  if (before?.fingerprint === fingerprint) return { screen, lines: [] };
  const { lines, buttons } = draw(content, edit, before, view);
  const now: Shown = {
    messageId,
    fingerprint,
    buttons,
    offered: buttons.length > 0 || before?.offered === true,
    ...(content.kind === 'card' ? { card: content.card } : {}),
  };
  // Buttons that were not drawn again stay where one sees them: below newer ones they would take their numbers away.
  if (before !== undefined && buttons.length > 0 && sameButtons(before.buttons, buttons)) {
    return { screen: screen.map((shown) => (shown === before ? now : shown)), lines };
  }
  return { screen: [...screen.filter((shown) => shown !== before), now].slice(-SHOWN_MAX), lines };
};

const draw = (content: Content, edit: boolean, before: Shown | undefined, view: View): Drawn => {
  if (!edit || content.kind === 'note') return drawNew(content, view);
  return before?.card === undefined
    ? drawCard(content.card, view, 'bot~')
    : drawEdit(before.card, content.card, before.buttons, view);
};

/**
 * The button of that number on the newest message that ever had any. When an edit has just taken its buttons away, a
 * number means nothing: it must not reach through to an older card that the person is not looking at.
 */
export const buttonAt = (
  screen: Screen,
  number: number,
): { readonly messageId: string; readonly action: Action } | undefined => {
  const found = screen.findLast((shown) => shown.offered);
  const action = found?.buttons[number - 1];
  return found === undefined || action === undefined ? undefined : { messageId: found.messageId, action };
};
