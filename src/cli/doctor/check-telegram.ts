import { WEBHOOK_PATH } from '../../bot/telegram/webhook.ts';
import type { TelegramSettings } from '../../config/settings.ts';
import { lookAtTelegram, type TelegramSeen } from '../providers/telegram.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

const WHAT = 'telegram';

/** Whether the token works, who receives its messages, and whether that is what is set. */
export const checkTelegram = async (
  telegram: TelegramSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const seen = await lookAtTelegram(telegram, publicUrl);
  if (!seen.ok) return bad(WHAT, seen.words, seen.cure);
  const name = `getMe @${seen.value.botName}`;
  return telegram.webhookSecret === undefined || publicUrl === undefined
    ? judgePolling(name, seen.value)
    : judgeWebhook(name, seen.value, `${publicUrl}${WEBHOOK_PATH}`);
};

const judgePolling = (name: string, { webhook }: TelegramSeen): Finding => {
  if (webhook === 'none') return ok(WHAT, name);
  if (webhook === 'own') return ok(WHAT, `${name}, a webhook of ours; the next npx textops start ends it`);
  return foreign(name, webhook.host);
};

const judgeWebhook = (name: string, { webhook, waiting, lastError }: TelegramSeen, ours: string): Finding => {
  const { protocol, host } = new URL(ours);
  if (protocol !== 'https:') {
    const cure = 'set PUBLIC_URL to an https address, or leave TELEGRAM_WEBHOOK_SECRET empty';
    return warning(WHAT, `${name}, but Telegram calls https only, and PUBLIC_URL is not`, cure);
  }
  if (webhook === 'none') return ok(WHAT, `${name}, no webhook yet; npx textops start sets it`);
  if (webhook !== 'own') return foreign(name, webhook.host);
  if (waiting === 0 || lastError === undefined) return ok(WHAT, `${name}, webhook set`);
  return warning(
    WHAT,
    `${name}, but Telegram does not reach its webhook, and ${waiting} updates wait (${lastError})`,
    `see that ${host} leads to this machine and passes every header on`,
  );
};

const foreign = (name: string, host: string): Finding =>
  warning(
    WHAT,
    `${name}, but a webhook of ${host} receives its messages`,
    'stop the other program; the next npx textops start takes the messages over',
  );
