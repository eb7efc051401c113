import type { IMessageSender } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { plainBody } from '../plain-body.ts';
import { type Outbound, outboundRing } from './ring.ts';

export interface DevChannel {
  readonly sender: IMessageSender;
  /**
   * What the conversation (`ops`, without the channel's name) was told after `afterId`. When there is nothing yet it waits
   * until there is, or until the signal ends the wait; then the answer is empty.
   */
  readonly recent: (
    conversation: string,
    afterId: number,
    signal: AbortSignal,
  ) => Promise<readonly Outbound[]>;
}

/** The door of tests and scripts: later messages are logged, and kept for a while so that they can be asked for. */
export const devChannel = (options: {
  readonly observe: Observe;
  readonly now: () => number;
}): DevChannel => {
  const ring = outboundRing(options.now);
  return {
    sender: {
      channel: 'dev',
      caps: { cards: false, textMax: Number.MAX_SAFE_INTEGER },
      deliver: async (delivery) => {
        const { address, runId, key } = delivery;
        const run = runId === undefined ? {} : { runId };
        const body = plainBody(delivery.content);
        options.observe({ kind: 'outbound_dev', address, ...run, body });
        ring.add(address, { body, key, ...run });
        return { k: 'sent' };
      },
      // Nothing is shown as a button here, so nobody can have pressed one.
      answerPress: async () => undefined,
    },
    recent: (conversation, afterId, signal) => ring.after(`dev:${conversation}`, afterId, signal),
  };
};
