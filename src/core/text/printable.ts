/**
 * Invisible marks and what turns the direction of text, as the inside of a class of characters. Not the joiners that emoji and
 * several scripts need (U+200C, U+200D).
 */
export const HIDDEN_MARKS = [
  '\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E',
  '\\u2060-\\u2064\\u2066-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u{E0000}-\\u{E007F}',
].join('');

/**
 * Content is text and never a command: controls, direction overrides and marks that nobody sees could otherwise repaint a card, or
 * let it show something else than it says. Each such character is shown as a box, the ends of lines included.
 */
export const printableLine = (text: string): string => text.replaceAll(UNPRINTABLE_IN_LINE, BOX);

/** The same for a text of several lines, which keeps its tabs and the ends of its lines. */
export const printableLines = (text: string): string => text.replaceAll(UNPRINTABLE, BOX);

const BOX = '\uFFFD';
const UNPRINTABLE_IN_LINE = new RegExp(`[\\u0000-\\u001F${HIDDEN_MARKS}]`, 'gu');
const UNPRINTABLE = new RegExp(`[\\u0000-\\u0008\\u000B-\\u001F${HIDDEN_MARKS}]`, 'gu');
