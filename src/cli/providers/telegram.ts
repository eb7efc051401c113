import { z } from 'zod';
import type { TelegramSettings } from '../../config/settings.ts';
import { ANSWER_MS, hostOf, type Inquiry, known, refused, silence, unreachable } from './inquiry.ts';

export interface TelegramSeen {
  readonly botName: string;
  /** Who receives its messages by webhook: us, another program (its host), or nobody. */
  readonly webhook: 'none' | 'own' | { readonly host: string };
  readonly hook: TelegramHook;
}

/** Where Telegram calls, if anywhere, and how that goes. */
export interface TelegramHook {
  readonly url: string;
  /** Updates that it has not got rid of. */
  readonly waiting: number;
  readonly lastError?: string;
}

/** Whose token it is and who receives its messages. The token stands in the address: that is never shown. */
export const lookAtTelegram = async (
  telegram: TelegramSettings,
  publicUrl: string | undefined,
): Promise<Inquiry<TelegramSeen>> => {
  const me = await call(telegram, 'getMe', User);
  if (!me.ok) return me;
  const hook = await call(telegram, 'getWebhookInfo', Webhook);
  if (!hook.ok) return hook;
  const { url, pending_update_count: waiting, last_error_message: lastError } = hook.value;
  const isOwn = telegram.webhookSecret !== undefined && publicUrl !== undefined && url.startsWith(publicUrl);
  const webhook = url === '' ? 'none' : isOwn ? 'own' : { host: hostOf(url) };
  return known({
    botName: me.value.username,
    webhook,
    hook: { url, waiting, ...(lastError === undefined ? {} : { lastError }) },
  });
};

/** From now on its messages wait to be asked for. What waits already was written by people and stays. */
export const removeTelegramWebhook = (telegram: TelegramSettings): Promise<Inquiry<boolean>> =>
  call(telegram, 'deleteWebhook', z.boolean());

const Answer = z.object({
  ok: z.boolean(),
  error_code: z.number().optional(),
  result: z.unknown().optional(),
});
const User = z.object({ username: z.string() });
const Webhook = z.object({
  url: z.string(),
  pending_update_count: z.number().default(0),
  last_error_message: z.string().max(300).optional(),
});

const call = async <T>(
  { token, apiRoot }: TelegramSettings,
  method: 'getMe' | 'getWebhookInfo' | 'deleteWebhook',
  schema: z.ZodType<T>,
): Promise<Inquiry<T>> => {
  const root = apiRoot.replace(/\/+$/, '');
  const { host } = new URL(root);
  try {
    const response = await fetch(`${root}/bot${token}/${method}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const answer = Answer.safeParse(await response.json()).data;
    if (answer?.ok === false) {
      const code = answer.error_code ?? 'no code';
      // Telegram says 404 to a token that never was one.
      return code === 401 || code === 404
        ? refused(`the token is refused (${code})`, NEW_TOKEN)
        : unreachable(`${host} does not do ${method} (${code})`, NETWORK);
    }
    const result = schema.safeParse(answer?.result);
    return result.success
      ? known(result.data)
      : unreachable(`${host} gives answers that are not Telegram's`, NETWORK);
  } catch (error) {
    return unreachable(silence(host, error), NETWORK);
  }
};

const NEW_TOKEN = 'take a new token from @BotFather into TELEGRAM_BOT_TOKEN';
const NETWORK = 'check the network and TELEGRAM_API_ROOT';
