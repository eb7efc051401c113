import { WEBHOOK_PATH } from '../../bot/telegram/webhook.ts';
import type { TelegramSettings } from '../../config/settings.ts';
import { hostOf } from '../providers/inquiry.ts';
import { lookAtTelegram, type TelegramHook } from '../providers/telegram.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Whether the token works and nobody else receives its messages. */
export const checkTelegram = async (
  telegram: TelegramSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const seen = await lookAtTelegram(telegram, publicUrl);
  if (!seen.ok) return bad('telegram', seen.words, seen.cure);
  const { botName, hook } = seen.value;
  const name = `getMe @${botName}`;
  const ours = publicUrl === undefined ? undefined : `${publicUrl}${WEBHOOK_PATH}`;
  if (telegram.webhookSecret === undefined || ours === undefined) return judgePolling(name, hook, ours);
  return judgeWebhook(name, hook, ours);
};

const judgePolling = (name: string, { url }: TelegramHook, ours: string | undefined): Finding => {
  if (url === '') return ok('telegram', name);
  if (url === ours) return ok('telegram', `${name}, a webhook of ours; the next npx textops start ends it`);
  return foreign(name, url);
};

const judgeWebhook = (name: string, { url, waiting, lastError }: TelegramHook, ours: string): Finding => {
  if (new URL(ours).protocol !== 'https:') {
    const cure = 'set PUBLIC_URL to an https address, or leave TELEGRAM_WEBHOOK_SECRET empty';
    return warning('telegram', `${name}, but Telegram calls https only, and PUBLIC_URL is not`, cure);
  }
  if (url === '') return ok('telegram', `${name}, no webhook yet; npx textops start sets it`);
  if (url !== ours) return foreign(name, url);
  if (waiting === 0 || lastError === undefined) return ok('telegram', `${name}, webhook set`);
  return warning(
    'telegram',
    `${name}, but Telegram does not reach its webhook, and ${waiting} updates wait (${lastError})`,
    `see that ${new URL(ours).host} leads to this machine and passes every header on`,
  );
};

const foreign = (name: string, url: string): Finding =>
  warning(
    'telegram',
    `${name}, but a webhook of ${hostOf(url)} receives its messages`,
    'stop the other program; the next npx textops start takes the messages over',
  );
