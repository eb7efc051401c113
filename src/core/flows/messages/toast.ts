import type { Refused } from '../../people/refused.ts';
import { type Handled, type Heard, type Press, type Rooms, sayOnly } from './heard.ts';

/** Words that flash up over the button and stand nowhere else. */
export const toast = async (
  rooms: Rooms,
  heard: Heard<Press>,
  intent: string,
  text: string,
  refusal?: Refused,
): Promise<Handled> => ({
  ...(await sayOnly(rooms, heard, intent, undefined, refusal)),
  answer: { text, alert: true },
});

/** The answer stands in the conversation, so nothing flashes up. */
export const quiet = (handled: Handled): Handled => ({ ...handled, answer: { text: '', alert: false } });
