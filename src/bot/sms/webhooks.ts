import type { InboundSink, Webhook } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { comeAgain, refusal } from '../webhook-answer.ts';
import { CHANNEL } from './address.ts';
import { type Lock, openForm } from './form.ts';
import { type Read, toInbound, toReceipt } from './inbound.ts';

export const MESSAGE_PATH = '/webhooks/twilio';
export const STATUS_PATH = '/webhooks/twilio/status';

export interface WebhookParts {
  readonly lock: Lock;
  readonly observe: Observe;
  /** Undefined before the start and after the end: then Twilio is asked to try again. */
  readonly sink: () => InboundSink | undefined;
  readonly onHeard: () => void;
}

/** Verified, stored, and only then acknowledged; handled afterwards. What is said in return goes out by itself, never as TwiML. */
export const smsWebhooks = (parts: WebhookParts): readonly Webhook[] => [
  {
    method: 'POST',
    path: MESSAGE_PATH,
    access: 'open',
    handle: (request) => take(parts, request, toInbound),
  },
  { method: 'POST', path: STATUS_PATH, access: 'open', handle: (request) => take(parts, request, toReceipt) },
];

const take = async (
  { lock, observe, sink, onHeard }: WebhookParts,
  request: Request,
  read: (form: Readonly<Record<string, string>>) => Read,
): Promise<Response> => {
  const store = sink();
  if (store === undefined) return comeAgain();
  const opened = await openForm(request, lock);
  if (!opened.ok) {
    observe({ kind: 'auth_refused', channel: CHANNEL, reason: 'bad_signature' });
    return refusal(opened.status, opened.why);
  }
  const inbound = read(opened.form);
  if (inbound === undefined) {
    observe({ kind: 'auth_refused', channel: CHANNEL, reason: 'bad_signature' });
    return refusal(400, 'not what Twilio sends');
  }
  onHeard();
  if (inbound !== 'nothing') await store([inbound]);
  return new Response(null, { status: 204 });
};
