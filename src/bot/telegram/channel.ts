import type { Channel, ChannelSettings } from '../channel-kind.ts';
import { type TelegramSenderParts, telegramSender } from './send.ts';
import { type TelegramAdapterParts, telegramAdapter } from './start.ts';
import { webhookAdapter } from './webhook-adapter.ts';

type TelegramParts = TelegramSenderParts &
  TelegramAdapterParts &
  Pick<NonNullable<ChannelSettings['telegram']>, 'webhook'>;

/** Telegram by its Bot API: one process polls, or Telegram calls any of them, and every process may send. */
export const telegramChannel = (parts: TelegramParts): Channel => {
  const sender = telegramSender(parts);
  if (parts.webhook === undefined) return { sender, adapter: telegramAdapter(parts) };
  const { times: _, ...own } = parts;
  const { adapter, webhook } = webhookAdapter({ ...own, ...parts.webhook });
  return { sender, adapter, webhooks: [webhook] };
};
