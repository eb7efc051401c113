/**
 * Content is text and never a command to the terminal: escape sequences, carriage returns and direction overrides in a
 * job's output could otherwise repaint a card. Each such character is shown as a box.
 */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '\uFFFD');

const UNPRINTABLE =
  /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;
