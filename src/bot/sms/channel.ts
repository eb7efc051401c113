import type { IChannelAdapter, IMessageSender, Webhook } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { within } from '../../loops/rest.ts';
import { createDoor } from '../door.ts';
import { createPulse } from '../pulse.ts';
import { CHANNEL } from './address.ts';
import type { TwilioAccount } from './client.ts';
import { smsSender } from './send.ts';
import { smsWebhooks } from './webhooks.ts';

export interface SmsParts extends TwilioAccount {
  readonly from: string;
  readonly publicUrl: string;
  readonly observe: Observe;
  /** Milliseconds since 1970, for health only. */
  readonly now: () => number;
  readonly timeoutMs?: number;
}

export interface SmsChannel {
  readonly sender: IMessageSender;
  readonly adapter: IChannelAdapter;
  readonly webhooks: readonly Webhook[];
}

/** Text messages by Twilio: it calls us, in any process that serves HTTP, and any process calls it. */
export const smsChannel = (parts: SmsParts): SmsChannel => {
  const { turns, heard, health } = createPulse({ ...parts, channel: CHANNEL });
  const onRefused = (refused: boolean): void => {
    if (refused) turns('down', 'Twilio refused the account');
    else if (health().state === 'down') turns('ok');
  };
  const door = createDoor((failed) => {
    if (failed) turns('degraded', 'what comes in cannot be stored');
    else if (health().state === 'degraded') turns('ok');
  });
  return {
    sender: smsSender({ ...parts, onRefused }),
    adapter: {
      channel: CHANNEL,
      start: (sink) => {
        door.opens(sink);
        turns('ok');
        return Promise.resolve();
      },
      drain: async (deadlineMs) => void (await within(deadlineMs, door.closes())),
      health,
    },
    webhooks: smsWebhooks({
      lock: parts,
      observe: parts.observe,
      sink: door.sink,
      onHeard: heard,
    }),
  };
};
