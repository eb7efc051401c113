import { badRequest } from './api-error.ts';
import { booleanParam, integerParam, jsonParam, textParam } from './params.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Params, Update } from './wire.ts';

export interface Webhook {
  readonly isActive: () => boolean;
  readonly set: (params: Params) => true;
  readonly remove: (params: Params) => true;
  readonly info: () => object;
  readonly close: () => void;
}

interface Target {
  readonly url: string;
  readonly secret: string;
  readonly connectionsMax: number;
  readonly gone: AbortController;
}

const answerTimeoutMs = 60_000;

/** Delivers one update after the other; what was not answered with 2xx comes again after `retryMs`. */
export const createWebhook = (queue: UpdateQueue, retryMs: number, now: () => number): Webhook => {
  let target: Target | undefined;
  let isDelivering = false;
  let lastError: { readonly date: number; readonly message: string } | undefined;

  const deliverNext = async (current: Target, update: Update): Promise<void> => {
    const failure = await deliver(current, update);
    if (current.gone.signal.aborted) return;
    if (failure === undefined) return queue.confirmBelow(update.update_id + 1);
    lastError = { date: Math.floor(now() / 1000), message: failure };
    await pause(retryMs, current.gone.signal);
  };
  const deliverAll = async (): Promise<void> => {
    if (isDelivering) return;
    isDelivering = true;
    for (;;) {
      // Looked up anew each time: the webhook may have been moved or removed meanwhile.
      const current = target;
      const [update] = queue.take(0, 1);
      if (current === undefined || update === undefined) break;
      await deliverNext(current, update);
    }
    isDelivering = false;
  };
  const forget = (): void => {
    target?.gone.abort();
    target = undefined;
  };
  queue.onPush(() => void deliverAll());

  return {
    isActive: () => target !== undefined,
    set: (params) => {
      const url = textParam(params, 'url');
      queue.allow(jsonParam(params, 'allowed_updates', "can't parse allowed_updates JSON object"));
      if (booleanParam(params, 'drop_pending_updates')) queue.clear();
      if (url === '') {
        forget();
        return true;
      }
      const next = targetOf(url, params);
      forget();
      lastError = undefined;
      target = next;
      void deliverAll();
      return true;
    },
    remove: (params) => {
      if (booleanParam(params, 'drop_pending_updates')) queue.clear();
      forget();
      return true;
    },
    info: () => ({
      url: target?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: queue.size(),
      last_error_date: lastError?.date,
      last_error_message: lastError?.message,
      max_connections: target?.connectionsMax,
      ip_address: target === undefined ? undefined : '127.0.0.1',
      allowed_updates: queue.allowed(),
    }),
    close: forget,
  };
};

const targetOf = (url: string, params: Params): Target => {
  const secret = textParam(params, 'secret_token');
  if (!URL.canParse(url)) throw badRequest('invalid webhook URL specified');
  const { protocol, hostname } = new URL(url);
  // Telegram insists on HTTPS; a test's own server on this machine has no certificate.
  if (protocol !== 'https:' && hostname !== '127.0.0.1' && hostname !== 'localhost') {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  if (secret.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  const connectionsMax = integerParam(params, 'max_connections', 40, 1, 100);
  return { url, secret, connectionsMax, gone: new AbortController() };
};

/** Undefined when it went well, or what getWebhookInfo will tell. */
const deliver = async (target: Target, update: Update): Promise<string | undefined> => {
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(target.secret === '' ? {} : { 'x-telegram-bot-api-secret-token': target.secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.any([target.gone.signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    await response.arrayBuffer();
    return response.ok
      ? undefined
      : `Wrong response from the webhook: ${response.status} ${response.statusText}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
