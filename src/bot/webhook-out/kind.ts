import type { SenderCaps } from '../../core/ports/channel.ts';
import type { ChannelKind } from '../channel-kind.ts';

const CAPS: SenderCaps = { cards: false, textMax: 16_384 };

/** A way out only: what is said in a conversation is posted to the program that has its address. */
export const webhookOut: ChannelKind = {
  name: 'webhook-out',
  caps: CAPS,
  open: () => import('./send.ts').then(({ webhookSender }) => ({ sender: webhookSender(CAPS) })),
};
