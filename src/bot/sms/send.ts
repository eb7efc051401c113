import type { Delivered, IMessageSender, SenderCaps } from '../../core/ports/channel.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { CHANNEL, numberOf } from './address.ts';
import { type TwilioAccount, twilioClient } from './client.ts';
import { falloutOf, isRefused } from './errors.ts';
import { render, SEPTETS_MAX } from './render.ts';
import { STATUS_PATH } from './webhooks.ts';

export interface SmsSenderParts extends TwilioAccount {
  /** A number of the account, or a messaging service (MG…). */
  readonly from: string;
  readonly publicUrl: string;
  /** The account was refused, or answers again. */
  readonly onRefused: (refused: boolean) => void;
  readonly timeoutMs?: number;
}

/** Twilio queues what comes too fast for the network; a little less than that keeps its answers quick. */
const CAPS: SenderCaps = {
  cards: false,
  texts: true,
  textMax: SEPTETS_MAX,
  pace: { perConversation: [3, 3000], perGroup: [3, 3000], overall: [20, 1000], isGroup: () => false },
};

export const smsSender = (parts: SmsSenderParts): IMessageSender => ({
  channel: CHANNEL,
  caps: CAPS,
  deliver: async ({ address, content }, signal) => {
    const to = numberOf(address);
    if (to === undefined) return { k: 'dead', suspend: false, reason: `${address} is not here` };
    return send(parts, to, render(content), signal);
  },
  // There are no buttons here, so nobody can have pressed one.
  answerPress: async () => undefined,
});

const send = async (
  parts: SmsSenderParts,
  to: string,
  body: string,
  signal: AbortSignal,
): Promise<Delivered> => {
  const { from, publicUrl, timeoutMs = RETRIES.send.tryMsMax } = parts;
  const client = await twilioClient(parts, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  try {
    const sender = from.startsWith('MG') ? { messagingServiceSid: from } : { from };
    const { sid } = await client.messages.create({
      to,
      ...sender,
      body,
      statusCallback: `${publicUrl}${STATUS_PATH}`,
    });
    parts.onRefused(false);
    return { k: 'sent', messageId: sid };
  } catch (error) {
    if (isRefused(error)) parts.onRefused(true);
    return falloutOf(error);
  }
};
