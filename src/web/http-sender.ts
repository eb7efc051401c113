import type { IMessageSender } from '../core/ports/channel.ts';

/**
 * A run that was asked for over HTTP has no conversation to speak in: its client reads the run. So what is owed to that
 * address is done as soon as somebody looks at it, and does not wait in the outbox for ever.
 */
export const httpSender: IMessageSender = {
  channel: 'http',
  caps: { cards: false, textMax: Number.MAX_SAFE_INTEGER },
  deliver: () => Promise.resolve({ k: 'sent' }),
  answerPress: () => Promise.resolve(),
};

/** The same for whoever asks in the console, and watches the page of the run. */
export const consoleSender: IMessageSender = { ...httpSender, channel: 'web' };
