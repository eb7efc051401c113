import type { Chat, MemberStatus, User } from './wire.ts';
import type { ChatState, World } from './world.ts';
import { chatOf, newChatState, nextMessageId, nextNumber, storeMessage, unixNow, userOf } from './world.ts';

/** The person blocks the bot: from now on every send there is a 403. */
export const blocks = (world: World, userId: number): void => setBlocked(world, userId, true);

export const unblocks = (world: World, userId: number): void => setBlocked(world, userId, false);

export const addsBot = (world: World, userId: number, chatId: number): void =>
  announceBotStatus(world, chatOf(world, chatId), userOf(world, userId), 'member');

export const removesBot = (world: World, userId: number, chatId: number): void =>
  announceBotStatus(world, chatOf(world, chatId), userOf(world, userId), 'kicked');

export const announceBotStatus = (world: World, state: ChatState, by: User, status: MemberStatus): void => {
  const before = state.botStatus;
  state.botStatus = status;
  pushMyChatMember(world, state.chat, by, before, status);
};

/** The basic group becomes a supergroup with another id. Both chats tell so, in a service message each. */
export const migrate = (world: World, chatId: number, userId: number): number => {
  const by = userOf(world, userId);
  const old = chatOf(world, chatId);
  if (old.chat.type !== 'group' || old.migratedTo !== undefined)
    throw new Error('Only a basic group migrates.');
  const chat: Chat = { ...old.chat, id: supergroupId(world), type: 'supergroup' };
  const next = newChatState(chat, old.botStatus, true);
  world.chats.set(chat.id, next);
  old.migratedTo = chat.id;
  pushService(world, old, by, { migrate_to_chat_id: chat.id });
  pushService(world, next, by, { migrate_from_chat_id: chatId });
  return chat.id;
};

/** Basic groups are negative, supergroups and channels begin with -100. */
export const groupId = (world: World): number => -(4_000_000_000 + nextNumber(world));

export const supergroupId = (world: World): number => -(1_002_000_000_000 + nextNumber(world));

const setBlocked = (world: World, userId: number, isBlocked: boolean): void => {
  const state = chatOf(world, userId);
  if (state.isBlocked === isBlocked) return;
  state.isBlocked = isBlocked;
  state.isOpen = true;
  const [before, after] = isBlocked ? (['member', 'kicked'] as const) : (['kicked', 'member'] as const);
  pushMyChatMember(world, state.chat, userOf(world, userId), before, after);
};

const pushMyChatMember = (
  world: World,
  chat: Chat,
  from: User,
  before: MemberStatus,
  after: MemberStatus,
): void => {
  world.queue.push({
    my_chat_member: {
      chat,
      from,
      date: unixNow(world),
      old_chat_member: memberOf(world, before),
      new_chat_member: memberOf(world, after),
    },
  });
};

const memberOf = (world: World, status: MemberStatus): object => ({
  user: world.bot,
  status,
  ...(status === 'kicked' ? { until_date: 0 } : {}),
});

const pushService = (world: World, state: ChatState, from: User, service: Record<string, number>): void => {
  const message = {
    message_id: nextMessageId(world, state),
    date: unixNow(world),
    chat: state.chat,
    from,
    ...service,
  };
  world.queue.push({ message: storeMessage(state, message) });
};
