import type { Fault, Faults } from './faults.ts';
import type { FloodLimits } from './flood.ts';
import type { Call, Ledger } from './ledger.ts';
import type { LongPoll } from './long-poll.ts';
import { addsBot, blocks, groupId, migrate, removesBot, supergroupId, unblocks } from './membership.ts';
import type { PressOptions, SaysOptions } from './people.ts';
import { edits, presses, says } from './people.ts';
import type { SeenMessage } from './seen-message.ts';
import { seenMessages } from './seen-message.ts';
import type { Chat, ChatType, MemberStatus, Message, UpdateBody, User } from './wire.ts';
import type { CallbackAnswer, World } from './world.ts';
import { chatOf, newChatState, nextNumber } from './world.ts';

export interface NewUser {
  readonly firstName: string;
  readonly id?: number;
  readonly lastName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  /** False: has not written to the bot yet, so the bot cannot write first. True by default. */
  readonly hasStarted?: boolean;
}

export interface NewChat {
  readonly type: Exclude<ChatType, 'private'>;
  readonly title: string;
  readonly id?: number;
  readonly username?: string;
  readonly forum?: boolean;
  /** What the bot is there; member by default. */
  readonly botStatus?: MemberStatus;
}

/** The user's side and the observer's side. Arguments and results are plain data, so HTTP can carry them. */
export interface Controls {
  readonly addUser: (spec: NewUser) => User;
  readonly addChat: (spec: NewChat) => Chat;
  /** Returns the message_thread_id. */
  readonly addTopic: (chatId: number, name: string) => number;
  readonly closeTopic: (chatId: number, topicId: number) => void;
  readonly says: (userId: number, chatId: number, text: string, options?: SaysOptions) => Message;
  readonly edits: (userId: number, chatId: number, messageId: number, text?: string) => Message;
  readonly presses: (
    userId: number,
    chatId: number,
    messageId: number,
    button: string,
    options?: PressOptions,
  ) => string;
  readonly callbackAnswer: (callbackId: string) => CallbackAnswer | undefined;
  readonly blocks: (userId: number) => void;
  readonly unblocks: (userId: number) => void;
  readonly addsBot: (userId: number, chatId: number) => void;
  readonly removesBot: (userId: number, chatId: number) => void;
  /** Returns the id of the supergroup. */
  readonly migrate: (chatId: number, userId: number) => number;
  /** Any body, well-formed or not; it only gets an update_id. Undefined: allowed_updates kept it out. */
  readonly pushUpdate: (body: UpdateBody) => number | undefined;
  readonly jumpUpdateId: (to: number) => void;
  readonly nextFault: (method: string, fault: Fault, times?: number) => void;
  readonly clearFaults: () => void;
  readonly setFlood: (limits: FloodLimits | boolean) => void;
  readonly pauseSends: (target: number | 'global', seconds: number) => void;
  readonly messages: (chatId: number) => readonly SeenMessage[];
  readonly botMessages: (chatId: number) => readonly SeenMessage[];
  readonly calls: (method?: string) => readonly Call[];
  readonly confirmedUpdateIds: () => readonly number[];
  readonly pendingUpdateIds: () => readonly number[];
  readonly isPolled: () => boolean;
}

interface Parts {
  readonly world: World;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly longPoll: LongPoll;
}

export const createControls = ({ world, faults, ledger, longPoll }: Parts): Controls => ({
  addUser: (spec) => addUser(world, spec),
  addChat: (spec) => addChat(world, spec),
  addTopic: (chatId, name) => {
    const id = nextNumber(world) + 1;
    chatOf(world, chatId).topics.set(id, { name, isClosed: false });
    return id;
  },
  closeTopic: (chatId, topicId) => {
    const topic = chatOf(world, chatId).topics.get(topicId);
    if (topic === undefined) throw new Error(`Chat ${chatId} has no topic ${topicId}.`);
    topic.isClosed = true;
  },
  says: (...args) => says(world, ...args),
  edits: (...args) => edits(world, ...args),
  presses: (...args) => presses(world, ...args),
  callbackAnswer: (callbackId) => world.callbacks.get(callbackId)?.answer,
  blocks: (userId) => blocks(world, userId),
  unblocks: (userId) => unblocks(world, userId),
  addsBot: (userId, chatId) => addsBot(world, userId, chatId),
  removesBot: (userId, chatId) => removesBot(world, userId, chatId),
  migrate: (chatId, userId) => migrate(world, chatId, userId),
  pushUpdate: world.queue.push,
  jumpUpdateId: world.queue.jumpTo,
  nextFault: faults.next,
  clearFaults: faults.clear,
  setFlood: world.flood.set,
  pauseSends: world.flood.pause,
  messages: (chatId) => seenMessages(chatOf(world, chatId)),
  botMessages: (chatId) => seenMessages(chatOf(world, chatId)).filter((message) => message.fromBot),
  calls: (method) => ledger.calls(method),
  confirmedUpdateIds: () => [...world.queue.confirmed],
  pendingUpdateIds: () => world.queue.pending().map((update) => update.update_id),
  isPolled: longPoll.isWaiting,
});

const addUser = (world: World, spec: NewUser): User => {
  const user: User = {
    id: spec.id ?? 200_000_000 + nextNumber(world),
    is_bot: false,
    first_name: spec.firstName,
    last_name: spec.lastName,
    username: spec.username,
    language_code: spec.languageCode ?? 'en',
  };
  const { id, first_name, last_name, username } = user;
  world.users.set(id, user);
  const chat: Chat = { id, type: 'private', first_name, last_name, username };
  world.chats.set(id, newChatState(chat, 'member', spec.hasStarted ?? true));
  return user;
};

const addChat = (world: World, spec: NewChat): Chat => {
  const chat: Chat = {
    id: spec.id ?? (spec.type === 'group' ? groupId(world) : supergroupId(world)),
    type: spec.type,
    title: spec.title,
    username: spec.username,
    is_forum: spec.forum === true ? true : undefined,
  };
  world.chats.set(chat.id, newChatState(chat, spec.botStatus ?? 'member', true));
  return chat;
};
