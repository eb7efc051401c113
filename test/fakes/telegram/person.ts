import type { Controls } from './controls.ts';
import type { PressOptions, SaysOptions } from './people.ts';
import type { Message, User } from './wire.ts';

type ChatRef = number | { readonly id: number };
/** A bare number means a message of the person's private chat with the bot. */
type MessageRef =
  | number
  | { readonly chat: { readonly id: number }; readonly message_id: number }
  | { readonly chatId: number; readonly messageId: number };

/** Somebody with a telephone in the hand. */
export interface Person {
  readonly id: number;
  readonly user: User;
  readonly says: (chat: ChatRef, text: string, options?: SaysOptions) => Message;
  /** To the bot, in private. */
  readonly tells: (text: string, options?: SaysOptions) => Message;
  /** By label or by callback_data; returns the callback query id. */
  readonly presses: (message: MessageRef, button: string, options?: PressOptions) => string;
  readonly edits: (message: MessageRef, text?: string) => Message;
  readonly blocks: () => void;
  readonly unblocks: () => void;
  readonly addsBot: (chat: ChatRef) => void;
  readonly removesBot: (chat: ChatRef) => void;
}

export const createPerson = (controls: Controls, user: User): Person => {
  const { id } = user;
  return {
    id,
    user,
    says: (chat, text, options) => controls.says(id, chatId(chat), text, options),
    tells: (text, options) => controls.says(id, id, text, options),
    presses: (message, button, options) => controls.presses(id, ...messageIds(id, message), button, options),
    edits: (message, text) => controls.edits(id, ...messageIds(id, message), text),
    blocks: () => controls.blocks(id),
    unblocks: () => controls.unblocks(id),
    addsBot: (chat) => controls.addsBot(id, chatId(chat)),
    removesBot: (chat) => controls.removesBot(id, chatId(chat)),
  };
};

const chatId = (chat: ChatRef): number => (typeof chat === 'number' ? chat : chat.id);

const messageIds = (userId: number, message: MessageRef): readonly [number, number] => {
  if (typeof message === 'number') return [userId, message];
  return 'chatId' in message ? [message.chatId, message.messageId] : [message.chat.id, message.message_id];
};
