import type { Delivered, IMessageSender } from '../../core/ports/channel.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { CHANNEL, numberOf } from './address.ts';
import { CAPS } from './caps.ts';
import { type TwilioAccount, twilioClient } from './client.ts';
import { falloutOf, isRefused } from './errors.ts';
import { render } from './render.ts';
import { STATUS_PATH } from './webhooks.ts';

export interface SmsSenderParts extends TwilioAccount {
  /** A number of the account, or a messaging service (MG…). */
  readonly from: string;
  readonly publicUrl: string;
  /** The account was refused, or answers again. */
  readonly onRefused: (refused: boolean) => void;
  readonly timeoutMs?: number;
}

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
