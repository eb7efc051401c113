import { detectEntities } from './entities.ts';
import { botSees } from './privacy.ts';
import { noneIfEmpty, threadOf } from './send-methods.ts';
import type { Chat, ForwardOrigin, InlineButton, Message, User } from './wire.ts';
import type { ChatState, StoredMessage, World } from './world.ts';
import { chatOf, nextMessageId, nextNumber, storeMessage, unixNow, userOf } from './world.ts';

export interface SaysOptions {
  readonly replyTo?: number;
  /** The user forwarded from, or the name of one who hides the account. */
  readonly forwardFrom?: number | string;
  /** The username of the inline bot. */
  readonly viaBot?: string;
  /** An anonymous administrator speaks as the group, or a channel speaks through its linked group. */
  readonly senderChat?: 'anonymous' | number;
  /** Arrives as `edited_message`. */
  readonly edited?: boolean;
  /** Sent by the schedule or an away answer. */
  readonly offline?: boolean;
  readonly topic?: number;
  /** Unix seconds; now by default. */
  readonly date?: number;
}

/** A person writes. The update is only made when the bot may see it; the message is there in any case. */
export const says = (
  world: World,
  userId: number,
  chatId: number,
  text: string,
  options: SaysOptions = {},
): Message => {
  const state = chatOf(world, chatId);
  if (state.isBlocked) throw new Error('Who has blocked the bot cannot write to it: unblock first.');
  if (state.chat.type === 'private' && chatId !== userId) throw new Error('That private chat is not theirs.');
  state.isOpen = true;
  const date = options.date ?? unixNow(world);
  const replied = options.replyTo === undefined ? undefined : messageOf(state, options.replyTo).wire;
  const message: Message = {
    message_id: nextMessageId(world, state),
    date,
    chat: state.chat,
    ...senderOf(world, userOf(world, userId), state.chat, options.senderChat),
    ...threadOf(state, options.topic, replied),
    reply_to_message: replied === undefined ? undefined : { ...replied, reply_to_message: undefined },
    forward_origin: originOf(world, options.forwardFrom, date),
    via_bot: options.viaBot === undefined ? undefined : inlineBot(options.viaBot),
    is_from_offline: options.offline === true ? true : undefined,
    edit_date: options.edited === true ? date : undefined,
    text,
    entities: noneIfEmpty(detectEntities(text)),
  };
  storeMessage(state, message);
  deliver(world, state, message, options.edited === true);
  return message;
};

/** Without a text only something invisible changed: Telegram reports that as an edit just the same. */
export const edits = (
  world: World,
  userId: number,
  chatId: number,
  messageId: number,
  text?: string,
): Message => {
  const state = chatOf(world, chatId);
  const stored = messageOf(state, messageId);
  if (stored.wire.from?.id !== userId) throw new Error('Only the author edits a message.');
  const content = text === undefined ? {} : { text, entities: noneIfEmpty(detectEntities(text)) };
  stored.wire = { ...stored.wire, ...content, edit_date: unixNow(world) };
  stored.edits += 1;
  deliver(world, state, stored.wire, true);
  return stored.wire;
};

export interface PressOptions {
  /** A modified client may send any data for a message it can see. */
  readonly forged?: boolean;
}

/** Taps the button with that label or that callback_data; returns the id of the callback query. */
export const presses = (
  world: World,
  userId: number,
  chatId: number,
  messageId: number,
  button: string,
  options: PressOptions = {},
): string => {
  const state = chatOf(world, chatId);
  const stored = messageOf(state, messageId);
  const data = options.forged === true ? button : dataOf(stored.wire, button);
  const id = String(4_000_000_000_000 + nextNumber(world));
  world.callbacks.set(id, { askedAt: world.now(), answer: undefined });
  world.queue.push({
    callback_query: {
      id,
      from: userOf(world, userId),
      message: stored.wire,
      chat_instance: String(chatId * 7),
      data,
    },
  });
  return id;
};

const dataOf = (message: Message, wanted: string): string => {
  const buttons = (message.reply_markup?.inline_keyboard ?? []).flat();
  const button = findButton(buttons, wanted);
  if (button?.callback_data !== undefined) return button.callback_data;
  const shown = buttons.map(({ text }) => text).join(', ');
  throw new Error(
    `Message ${message.message_id} has no button "${wanted}" to press; it shows: ${shown || 'none'}.`,
  );
};

const findButton = (buttons: readonly InlineButton[], wanted: string): InlineButton | undefined =>
  buttons.find((button) => button.text === wanted) ??
  buttons.find((button) => button.callback_data === wanted);

const messageOf = (state: ChatState, messageId: number): StoredMessage => {
  const stored = state.messages.get(messageId);
  if (stored === undefined) throw new Error(`Chat ${state.chat.id} has no message ${messageId}.`);
  return stored;
};

const deliver = (world: World, state: ChatState, message: Message, isEdit: boolean): void => {
  if (!botSees(world, state, message)) return;
  const isPost = state.chat.type === 'channel';
  const kind = isPost ? 'channel_post' : 'message';
  world.queue.push({ [isEdit ? `edited_${kind}` : kind]: message });
};

const anonymousAdmin: User = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};
const telegramItself: User = { id: 777_000, is_bot: false, first_name: 'Telegram' };

const senderOf = (
  world: World,
  user: User,
  chat: Chat,
  senderChat: 'anonymous' | number | undefined,
): Partial<Message> => {
  if (chat.type === 'channel') return { sender_chat: chat };
  if (senderChat === undefined) return { from: user };
  if (senderChat === 'anonymous') return { from: anonymousAdmin, sender_chat: chat };
  const channel = chatOf(world, senderChat).chat;
  return { from: telegramItself, sender_chat: channel, is_automatic_forward: true };
};

const originOf = (
  world: World,
  from: number | string | undefined,
  date: number,
): ForwardOrigin | undefined => {
  if (from === undefined) return undefined;
  return typeof from === 'number'
    ? { type: 'user', sender_user: userOf(world, from), date }
    : { type: 'hidden_user', sender_user_name: from, date };
};

const inlineBot = (username: string): User => ({
  id: 5_000_000_001,
  is_bot: true,
  first_name: username,
  username,
});
