import type { Channel } from '../channel-kind.ts';
import { type TelegramSenderParts, telegramSender } from './send.ts';
import { type TelegramAdapterParts, telegramAdapter } from './start.ts';

/** Telegram by its Bot API: one process polls, and every process may send. */
export const telegramChannel = (parts: TelegramSenderParts & TelegramAdapterParts): Channel => ({
  sender: telegramSender(parts),
  adapter: telegramAdapter(parts),
});
