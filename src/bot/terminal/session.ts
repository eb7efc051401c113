import { SEATS } from '../../core/people/may.ts';

/** What a typed line means. The words behind a colon are for this terminal and never leave it. */
export type Typed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'press'; readonly number: number }
  | { readonly kind: 'seat'; readonly seat: string }
  | { readonly kind: 'tell'; readonly lines: readonly string[] }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' };

export const FIRST_SEAT = 'ana';

export const readTyped = (line: string): Typed => {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (/^[0-9]{1,2}$/.test(text)) return { kind: 'press', number: Number(text) };
  if (isLeaving(text)) return { kind: 'tell', lines: [LEAVE_WORDS] };
  if (!text.startsWith(':')) return { kind: 'text', text: line };
  const [word = '', argument = ''] = text.slice(1).trim().split(/\s+/);
  switch (word.toLowerCase()) {
    case 'as':
      return sit(argument.toLowerCase());
    case 'seats':
      return { kind: 'tell', lines: [seatsLine()] };
    case 'help':
      return { kind: 'tell', lines: HELP };
    case 'quit':
      return { kind: 'quit' };
    default:
      return { kind: 'tell', lines: [`I know :as, :seats, :help and :quit, but not :${word}.`] };
  }
};

/** Whoever types one of these alone wants to go, and the bot could only say that it knows no such word. */
export const isLeaving = (text: string): boolean => /^\/?(?:quit|exit)$/i.test(text.trim());

export const LEAVE_WORDS = 'To leave, type :quit, with the colon.';

export const promptOf = (seat: string): string => `${seat}> `;

/** `Seats: ana (operator, approver)  bob (approver)  …`, as the banner shows it too. */
export const seatsLine = (): string =>
  `Seats: ${Object.entries(SEATS)
    .map(([seat, roles]) => `${seat} (${roles.length === 0 ? 'no role' : roles.join(', ')})`)
    .join('  ')}`;

/** Said when a number was typed that stands on no button. */
export const noSuchButton = (number: number): string => `There is no button ${number} on the screen.`;

const sit = (seat: string): Typed => {
  if (Object.hasOwn(SEATS, seat)) return { kind: 'seat', seat };
  const seats = Object.keys(SEATS).join(', ');
  const words = seat === '' ? 'Say which seat' : `There is no seat "${seat}"`;
  return { kind: 'tell', lines: [`${words}: ${seats}.`] };
};

const HELP: readonly string[] = [
  ':as NAME   sit down as somebody else, for example :as bob',
  ':seats     who there is, and what they may do',
  ':quit      leave; Ctrl-C does the same',
  '1, 2, 3    press that button of the newest message that has it',
  'Everything else is said to the bot. Type help to hear what it understands.',
];
