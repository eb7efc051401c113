import type { TelegramSettings } from '../../config/settings.ts';
import { lookAtTelegram } from '../providers/telegram.ts';
import { bad, type Finding, ok, warning } from './finding.ts';

/** Whether the token works and nobody else receives its messages. */
export const checkTelegram = async (
  telegram: TelegramSettings,
  publicUrl: string | undefined,
): Promise<Finding> => {
  const seen = await lookAtTelegram(telegram, publicUrl);
  if (!seen.ok) return bad('telegram', seen.words, seen.cure);
  const { botName, webhook } = seen.value;
  if (typeof webhook === 'string') {
    return ok('telegram', `getMe @${botName}${webhook === 'own' ? ', webhook set' : ''}`);
  }
  return warning(
    'telegram',
    `getMe @${botName}, but a webhook of ${webhook.host} receives its messages`,
    'stop the other program; the next npx textops start takes the messages over',
  );
};
