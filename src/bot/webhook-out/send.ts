import type { Delivered, Delivery, IMessageSender, SenderCaps } from '../../core/ports/channel.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { plainBody } from '../plain-body.ts';
import { retryAfterMs } from '../retry-after.ts';
import { networkCode, neverSent } from '../unreachable.ts';

/**
 * Posts `{ body, runId, idempotencyKey }` to the address itself: `webhook-out:hooks.example.org/ops` is
 * `https://hooks.example.org/ops`, and on this machine it is http. The key is also the header `idempotency-key`, because
 * whoever answers too late or not at all is asked again.
 */
export const webhookSender = (
  caps: SenderCaps,
  timeoutMs: number = RETRIES.send.tryMsMax,
): IMessageSender => ({
  channel: 'webhook-out',
  caps,
  deliver: async (delivery, signal) => {
    const url = urlOf(delivery.address);
    if (url === undefined) return { k: 'dead', suspend: false, reason: `${delivery.address} is not here` };
    try {
      return outcomeOf(await post(url, delivery, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])));
    } catch (error) {
      if (neverSent(error)) return { k: 'pause', ms: RETRIES.sendUnreachable.pauseMsMin, scope: 'lane' };
      return { k: 'retry', ambiguous: true, reason: `no answer from ${url.host} (${networkCode(error)})` };
    }
  },
  // There are no buttons here, so nobody can have pressed one.
  answerPress: async () => undefined,
});

const urlOf = (address: string): URL | undefined => {
  const [, host, path = '/'] = /^webhook-out:([\w.-]+(?::\d+)?)(\/\S*)?$/.exec(address) ?? [];
  if (host === undefined) return undefined;
  const here = /^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host);
  const url = `${here ? 'http' : 'https'}://${host}${path}`;
  return URL.canParse(url) ? new URL(url) : undefined;
};

const post = async (url: URL, { content, runId, key }: Delivery, signal: AbortSignal): Promise<Response> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ body: plainBody(content), runId: runId ?? null, idempotencyKey: key }),
    redirect: 'manual',
    signal,
  });
  // What it says is nobody's business, but its connection is free again only when it has been heard.
  await response.arrayBuffer();
  return response;
};

const outcomeOf = ({ ok, status, headers }: Response): Delivered => {
  if (ok) return { k: 'sent' };
  if (status === 429) return { k: 'pause', ms: retryAfterMs(headers.get('retry-after')), scope: 'lane' };
  if (status >= 500) return { k: 'retry', ambiguous: false, reason: `answered ${status}` };
  return { k: 'dead', suspend: false, reason: `answered ${status}` };
};
