import type { SenderCaps } from '../../core/ports/channel.ts';
import { isGroup } from './address.ts';
import { TEXT_MAX } from './render.ts';

/** Telegram publishes no limits; these are the ones that its users found, and a little less. */
export const CAPS: SenderCaps = {
  cards: true,
  textMax: TEXT_MAX,
  documents: true,
  pace: { perConversation: [3, 3000], perGroup: [20, 60_000], overall: [25, 1000], isGroup },
};
