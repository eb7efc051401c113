import type { Flood } from './flood.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Chat, MemberStatus, Message, UploadedFile, User } from './wire.ts';

export interface StoredMessage {
  wire: Message;
  readonly fromBot: boolean;
  readonly silent: boolean;
  readonly file: UploadedFile | undefined;
  /** The text as the bot wrote it, tags included when it wrote HTML. */
  source: string;
  edits: number;
}

export interface Topic {
  readonly name: string;
  isClosed: boolean;
}

export interface ChatState {
  readonly chat: Chat;
  botStatus: MemberStatus;
  /** A person the bot has never heard from cannot be written to. */
  isOpen: boolean;
  isBlocked: boolean;
  migratedTo: number | undefined;
  readonly topics: Map<number, Topic>;
  readonly messages: Map<number, StoredMessage>;
  lastMessageId: number;
}

export interface CallbackAnswer {
  readonly text: string;
  readonly showAlert: boolean;
}

export interface Callback {
  readonly askedAt: number;
  answer: CallbackAnswer | undefined;
}

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export interface World {
  readonly now: () => number;
  readonly bot: User;
  readonly readsAllGroupMessages: boolean;
  readonly callbackExpiryMs: number;
  readonly queue: UpdateQueue;
  readonly flood: Flood;
  readonly users: Map<number, User>;
  readonly chats: Map<number, ChatState>;
  readonly callbacks: Map<string, Callback>;
  readonly commands: Map<string, readonly BotCommand[]>;
  /** Private chats and basic groups share one row of message ids, each supergroup has its own. */
  lastSharedMessageId: number;
  lastNumber: number;
}

export const newChatState = (chat: Chat, botStatus: MemberStatus, isOpen: boolean): ChatState => ({
  chat,
  botStatus,
  isOpen,
  isBlocked: false,
  migratedTo: undefined,
  topics: new Map(),
  messages: new Map(),
  lastMessageId: 0,
});

export const nextMessageId = (world: World, state: ChatState): number => {
  if (state.chat.type === 'supergroup' || state.chat.type === 'channel') {
    state.lastMessageId += 1;
    return state.lastMessageId;
  }
  world.lastSharedMessageId += 1;
  return world.lastSharedMessageId;
};

export const nextNumber = (world: World): number => {
  world.lastNumber += 1;
  return world.lastNumber;
};

export const unixNow = (world: World): number => Math.floor(world.now() / 1000);

export const storeMessage = (
  state: ChatState,
  wire: Message,
  extra: Partial<Pick<StoredMessage, 'fromBot' | 'silent' | 'file' | 'source'>> = {},
): Message => {
  const stored = { fromBot: false, silent: false, file: undefined, source: wire.text ?? '', ...extra };
  state.messages.set(wire.message_id, { ...stored, wire, edits: 0 });
  return wire;
};

/** For the test's side: a wrong id there is a mistake in the test, not an answer of Telegram. */
export const chatOf = (world: World, chatId: number): ChatState => {
  const state = world.chats.get(chatId);
  if (state === undefined) throw new Error(`The fake knows no chat ${chatId}.`);
  return state;
};

export const userOf = (world: World, userId: number): User => {
  const user = world.users.get(userId);
  if (user === undefined) throw new Error(`The fake knows no user ${userId}.`);
  return user;
};
