import { createHash } from 'node:crypto';
import type { Disqualified, Inbound, Sender } from '../../core/ports/channel.ts';
import { addressOf, CHANNEL, identityOf } from './address.ts';
import { type BotSelf, isAddressed, withoutMention } from './addressed.ts';
import { readCallbackData } from './callback-data.ts';
import {
  type TelegramCallback,
  type TelegramMembership,
  type TelegramMessage,
  updateSchema,
} from './update.ts';

/** Translates whatever came. Undefined: well-formed, and of no interest to us. Never throws. */
export const toInbound = (bot: BotSelf, update: unknown): Inbound | undefined => {
  const read = updateSchema.safeParse(update);
  if (!read.success) return unreadable(bot, update, explain(read.error.issues[0]));
  const { update_id, message, edited_message, channel_post, edited_channel_post } = read.data;
  const { callback_query, my_chat_member } = read.data;
  const basics = { channel: CHANNEL, account: String(bot.id), eventKey: String(update_id) };
  if (message !== undefined) return ofMessage(bot, basics, message, undefined);
  if (edited_message !== undefined) return ofMessage(bot, basics, edited_message, 'edited');
  if (callback_query !== undefined) return ofCallback(basics, callback_query);
  if (my_chat_member !== undefined) return ofMembership(basics, my_chat_member);
  const post = channel_post ?? edited_channel_post;
  return post === undefined ? undefined : ofMessage(bot, basics, post, 'channel_post');
};

interface Basics {
  readonly channel: string;
  readonly account: string;
  readonly eventKey: string;
}

const ofMessage = (
  bot: BotSelf,
  basics: Basics,
  message: TelegramMessage,
  kind: Disqualified | undefined,
): Inbound | undefined => {
  const { chat, text, migrate_to_chat_id } = message;
  const address = addressOf({ chatId: chat.id, ...threadOf(message) });
  if (migrate_to_chat_id !== undefined) {
    const to = addressOf({ chatId: migrate_to_chat_id });
    return { ...basics, kind: 'migration', address, lane: address, sentAtMs: message.date * 1000, to };
  }
  // Stickers, photographs and service messages say nothing that the grammar could read.
  if (text === undefined) return undefined;
  const disqualified = disqualification(message, kind);
  const replyTo = repliedMessage(bot, message);
  return {
    ...basics,
    kind: 'text',
    address,
    lane: address,
    sentAtMs: message.date * 1000,
    from: speaker(message),
    chat: chat.type === 'private' ? 'private' : 'group',
    ...(disqualified === undefined ? {} : { disqualified }),
    text: storable(withoutMention(bot, message)),
    addressed: isAddressed(bot, message, replyTo !== undefined),
    messageId: String(message.message_id),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(replyTo === undefined && quotes(message) ? { quotes: true } : {}),
  };
};

/** A reply in a supergroup carries a thread id even where there are no topics; only the flag tells. */
const threadOf = (m: { is_topic_message?: boolean | undefined; message_thread_id?: number | undefined }) =>
  m.is_topic_message === true && m.message_thread_id !== undefined ? { threadId: m.message_thread_id } : {};

/** An edit may still be answered, so whatever weighs more is looked at first. */
const disqualification = (
  message: TelegramMessage,
  kind: Disqualified | undefined,
): Disqualified | undefined => {
  const { from, sender_chat } = message;
  if (kind === 'channel_post' || message.chat.type === 'channel') return 'channel_post';
  if (message.is_automatic_forward === true) return 'automatic';
  if (sender_chat !== undefined || from === undefined || from.is_bot) return 'anonymous';
  if (message.via_bot !== undefined) return 'via_bot';
  if (message.forward_origin !== undefined || message.forward_date !== undefined) return 'forwarded';
  return message.is_from_offline === true ? 'offline' : kind;
};

/** Who is behind it: never somebody's account when the message speaks for a chat. */
const speaker = ({ from, sender_chat, chat }: TelegramMessage): Sender => {
  if (sender_chat !== undefined || from === undefined) {
    const id = sender_chat?.id ?? chat.id;
    return { identity: addressOf({ chatId: id }), name: storable(sender_chat?.title ?? 'a channel') };
  }
  return person(from);
};

const person = (from: { id: number; first_name: string; last_name?: string | undefined }): Sender => ({
  identity: identityOf(from.id),
  name: storable([from.first_name, from.last_name ?? ''].join(' ').trim()),
});

/** A database refuses NUL, and with it the batch that it came in. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');

/** Only an answer to a message of our own, in this very chat, names a card. */
const repliedMessage = (bot: BotSelf, message: TelegramMessage): string | undefined => {
  const replied = message.reply_to_message;
  if (replied === undefined || replied.forum_topic_created !== undefined) return undefined;
  if (replied.from?.id !== bot.id || replied.chat.id !== message.chat.id) return undefined;
  return String(replied.message_id);
};

const quotes = ({ reply_to_message: replied, external_reply }: TelegramMessage): boolean =>
  external_reply !== undefined || (replied !== undefined && replied.forum_topic_created === undefined);

const ofCallback = (basics: Basics, query: TelegramCallback): Inbound => {
  const { id, from, message, data } = query;
  const address = addressOf(
    message === undefined ? { chatId: from.id } : { chatId: message.chat.id, ...threadOf(message) },
  );
  const isGroup = message !== undefined && message.chat.type !== 'private';
  return {
    ...basics,
    kind: 'button',
    address,
    lane: address,
    from: person(from),
    chat: isGroup ? 'group' : 'private',
    ...(from.is_bot ? { disqualified: 'anonymous' } : {}),
    press: { ...readCallbackData(data), pressId: id },
    ...(message === undefined ? {} : { messageId: String(message.message_id) }),
  };
};

const ofMembership = (basics: Basics, { chat, date, new_chat_member }: TelegramMembership): Inbound => {
  const address = addressOf({ chatId: chat.id });
  const { status, is_member } = new_chat_member;
  const gone = status === 'kicked' || status === 'left' || (status === 'restricted' && is_member === false);
  return {
    ...basics,
    kind: 'membership',
    address,
    lane: address,
    sentAtMs: date * 1000,
    state: gone ? 'unreachable' : 'reachable',
  };
};

const RAW_MAX = 4000;

const unreadable = (bot: BotSelf, update: unknown, reason: string): Inbound => {
  const raw = jsonOf(update);
  const address = `${CHANNEL}:unreadable`;
  return {
    channel: CHANNEL,
    account: String(bot.id),
    eventKey: eventKeyOf(update) ?? `hash:${createHash('sha256').update(raw).digest('hex')}`,
    kind: 'unreadable',
    address,
    lane: address,
    reason,
    raw: raw.slice(0, RAW_MAX),
  };
};

const eventKeyOf = (update: unknown): string | undefined => {
  if (typeof update !== 'object' || update === null || !('update_id' in update)) return undefined;
  const { update_id } = update;
  return typeof update_id === 'number' && Number.isSafeInteger(update_id) && update_id >= 0
    ? String(update_id)
    : undefined;
};

/** Nothing that came as JSON fails here; what came otherwise must not take the batch with it. */
const jsonOf = (update: unknown): string => {
  try {
    return JSON.stringify(update) ?? String(update);
  } catch {
    return 'not JSON';
  }
};

const explain = (issue: { path: PropertyKey[]; message: string } | undefined): string =>
  issue === undefined ? 'not an update' : `${issue.path.map(String).join('.') || 'update'}: ${issue.message}`;
