import { createHash, timingSafeEqual } from 'node:crypto';
import type { InboundSink, Webhook } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { comeAgain, refusal } from '../webhook-answer.ts';
import { CHANNEL } from './address.ts';
import type { BotSelf } from './addressed.ts';
import { toInbound } from './wire.ts';

export const WEBHOOK_PATH = '/webhooks/telegram';
export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

export interface WebhookParts {
  /** Telegram was told it together with the address, and repeats it in every call. */
  readonly secret: string;
  readonly observe: Observe;
  /** Undefined before the start and after the end. */
  readonly sink: () => InboundSink | undefined;
  /** Undefined until Telegram has told us who we are; without it nobody knows whether a message is meant for us. */
  readonly self: () => BotSelf | undefined;
  readonly onHeard: () => void;
}

/** Where Telegram calls us. Verified, stored, and only then acknowledged: whatever is not, comes again. */
export const telegramWebhook = (parts: WebhookParts): Webhook => ({
  method: 'POST',
  path: WEBHOOK_PATH,
  access: 'open',
  handle: (request) => take(parts, request),
});

const take = async (parts: WebhookParts, request: Request): Promise<Response> => {
  if (!isTheSecret(request.headers.get(SECRET_HEADER), parts.secret)) {
    parts.observe({ kind: 'auth_refused', channel: CHANNEL, reason: 'bad_signature' });
    return refusal(401, 'not sent by Telegram: the secret of the webhook is missing or another one');
  }
  const update = await readUpdate(request);
  if (update === undefined) return refusal(400, 'not what Telegram sends');
  const sink = parts.sink();
  const self = parts.self();
  if (sink === undefined || self === undefined) return comeAgain();
  parts.onHeard();
  const inbound = toInbound(self, update);
  try {
    if (inbound !== undefined) await sink([inbound]);
  } catch {
    // The door has noted it. Telegram is told no more than that it should come again.
    return comeAgain();
  }
  return new Response(null, { status: 200 });
};

/** Takes as long for a guess that is nearly right, or of another length, as for any other. */
const isTheSecret = (given: string | null, secret: string): boolean =>
  given !== null && timingSafeEqual(digestOf(given), digestOf(secret));

const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/**
 * One update, as far as anybody could tell it from another one. What cannot be read beyond its number is still stored, as a
 * dead letter: Telegram would bring nothing else before it was taken.
 */
const readUpdate = async (request: Request): Promise<{ readonly update_id: unknown } | undefined> => {
  const { headers, url } = request;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // Telegram calls exactly the address that it was told, and compresses nothing.
  if (type !== 'application/json' || headers.has('content-encoding') || new URL(url).search !== '') {
    return undefined;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await request.arrayBuffer());
    const update: unknown = JSON.parse(text);
    if (typeof update !== 'object' || update === null || !('update_id' in update)) return undefined;
    return Number.isSafeInteger(update.update_id) && Number(update.update_id) >= 0 ? update : undefined;
  } catch {
    return undefined;
  }
};
