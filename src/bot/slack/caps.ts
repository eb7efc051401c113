import type { SenderCaps } from '../../core/ports/channel.ts';
import { isGroup } from './address.ts';
import { TEXT_MAX } from './render.ts';

/** About one message a second and channel; Slack suffers short bursts. Edits have a limit of their own, which is larger. */
export const CAPS: SenderCaps = {
  cards: true,
  textMax: TEXT_MAX,
  documents: true,
  forms: true,
  threads: true,
  pace: { perConversation: [5, 5000], perGroup: [60, 60_000], overall: [20, 1000], isGroup },
};
