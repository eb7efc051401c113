import { z } from 'zod';
import type { TelegramSettings } from '../../config/settings.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Whether the token works and nobody else receives its messages. The token stands in the address: never show that. */
export const checkTelegram = async (
  telegram: TelegramSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const me = await call(telegram, 'getMe');
  if (typeof me === 'string') {
    return bad('telegram', me, 'check the network and TELEGRAM_API_ROOT');
  }
  if (!me.ok) {
    const cure = 'take a new token from @BotFather into TELEGRAM_BOT_TOKEN';
    return bad('telegram', `the token is refused (${me.error_code ?? 'no code'})`, cure);
  }
  const name = User.safeParse(me.result).data?.username ?? 'unknown';
  const hook = await call(telegram, 'getWebhookInfo');
  const url = typeof hook === 'string' ? '' : (Webhook.safeParse(hook.result).data?.url ?? '');
  const own = telegram.webhookSecret !== undefined && publicUrl !== undefined && url.startsWith(publicUrl);
  return url === '' || own
    ? ok('telegram', `getMe @${name}${own ? ', webhook set' : ''}`)
    : warning(
        'telegram',
        `getMe @${name}, but a webhook of ${hostOf(url)} receives its messages`,
        'stop the other program; the next npx textops start takes the messages over',
      );
};

const Answer = z.object({
  ok: z.boolean(),
  error_code: z.number().optional(),
  result: z.unknown().optional(),
});
const User = z.object({ username: z.string() });
const Webhook = z.object({ url: z.string() });

/** The answer, or in words why there is none. */
const call = async (
  { token, apiRoot }: TelegramSettings,
  method: 'getMe' | 'getWebhookInfo',
): Promise<z.output<typeof Answer> | string> => {
  const root = apiRoot.replace(/\/+$/, '');
  const asked = await fetch(`${root}/bot${token}/${method}`, { signal: AbortSignal.timeout(5_000) })
    .then((response): Promise<unknown> => response.json())
    .catch((error: unknown) => {
      // Errors of fetch may repeat the address, and with it the token.
      const slow = error instanceof DOMException && error.name === 'TimeoutError';
      return slow ? 'does not answer within 5 s' : 'cannot be reached';
    });
  if (typeof asked === 'string') return `${new URL(root).host} ${asked}`;
  return Answer.safeParse(asked).data ?? `${new URL(root).host} gives answers that are not Telegram's`;
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an unreadable address');
