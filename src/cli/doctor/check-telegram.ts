import { z } from 'zod';
import { WEBHOOK_PATH } from '../../bot/telegram/webhook.ts';
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
  const name = `getMe @${User.safeParse(me.result).data?.username ?? 'unknown'}`;
  const asked = await call(telegram, 'getWebhookInfo');
  const hook = typeof asked === 'string' ? undefined : Webhook.safeParse(asked.result).data;
  const ours = publicUrl === undefined ? undefined : `${publicUrl}${WEBHOOK_PATH}`;
  if (telegram.webhookSecret === undefined || ours === undefined) return judgePolling(name, hook, ours);
  return judgeWebhook(name, hook, ours);
};

type Hook = z.output<typeof Webhook> | undefined;

const judgePolling = (name: string, hook: Hook, ours: string | undefined): Finding => {
  if (hook === undefined || hook.url === '') return ok('telegram', name);
  if (hook.url === ours)
    return ok('telegram', `${name}, a webhook of ours; the next npx textops start ends it`);
  return foreign(name, hook.url);
};

const judgeWebhook = (name: string, hook: Hook, ours: string): Finding => {
  if (new URL(ours).protocol !== 'https:') {
    const cure = 'set PUBLIC_URL to an https address, or leave TELEGRAM_WEBHOOK_SECRET empty';
    return warning('telegram', `${name}, but Telegram calls https only, and PUBLIC_URL is not`, cure);
  }
  if (hook === undefined || hook.url === '') {
    return ok('telegram', `${name}, no webhook yet; npx textops start sets it`);
  }
  if (hook.url !== ours) return foreign(name, hook.url);
  const { pending_update_count: waiting, last_error_message: why } = hook;
  if (waiting === 0 || why === undefined) return ok('telegram', `${name}, webhook set`);
  return warning(
    'telegram',
    `${name}, but Telegram does not reach its webhook, and ${waiting} updates wait (${why})`,
    `see that ${new URL(ours).host} leads to this machine and passes every header on`,
  );
};

const foreign = (name: string, url: string): Finding =>
  warning(
    'telegram',
    `${name}, but a webhook of ${hostOf(url)} receives its messages`,
    'stop the other program; the next npx textops start takes the messages over',
  );

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
