import type { SenderCaps } from '../../core/ports/channel.ts';
import { SEPTETS_MAX } from './render.ts';

/** Twilio queues what comes too fast for the network; a little less than that keeps its answers quick. */
export const CAPS: SenderCaps = {
  cards: false,
  texts: true,
  textMax: SEPTETS_MAX,
  pace: { perConversation: [3, 3000], perGroup: [3, 3000], overall: [20, 1000], isGroup: () => false },
};
