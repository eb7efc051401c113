import { badRequest } from './api-error.ts';
import { accessChat } from './chat-access.ts';
import { announceBotStatus } from './membership.ts';
import { isRecord, jsonParam } from './params.ts';
import type { Params } from './wire.ts';
import type { BotCommand, World } from './world.ts';

export const getMe = (world: World): object => ({
  ...world.bot,
  can_join_groups: true,
  can_read_all_group_messages: world.readsAllGroupMessages,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
});

export const getChat = (world: World, params: Params): object => ({
  ...accessChat(world, params, 'read').chat,
  accent_color_id: 0,
  max_reaction_count: 11,
  accepted_gift_types: {
    unlimited_gifts: false,
    limited_gifts: false,
    unique_gifts: false,
    premium_subscription: false,
    gifts_from_channels: false,
  },
});

export const leaveChat = (world: World, params: Params): true => {
  const state = accessChat(world, params, 'edit');
  if (state.chat.type === 'private') throw badRequest("chat member status can't be changed in private chats");
  announceBotStatus(world, state, world.bot, 'left');
  return true;
};

const commandsMax = 100;

export const setMyCommands = (world: World, params: Params): true => {
  const given = jsonParam(params, 'commands', "can't parse commands JSON object");
  if (!Array.isArray(given)) throw badRequest('expected an Array of BotCommand');
  if (given.length > commandsMax) throw badRequest('too many commands specified');
  world.commands.set(scopeOf(params), given.map(commandOf));
  return true;
};

export const getMyCommands = (world: World, params: Params): readonly BotCommand[] =>
  world.commands.get(scopeOf(params)) ?? [];

export const deleteMyCommands = (world: World, params: Params): true => {
  world.commands.delete(scopeOf(params));
  return true;
};

/** Commands are kept per scope and language; both together are the key. */
const scopeOf = (params: Params): string => {
  const scope = jsonParam(params, 'scope', "can't parse BotCommandScope JSON object") ?? { type: 'default' };
  return JSON.stringify([scope, params['language_code'] ?? '']);
};

const commandOf = (given: unknown): BotCommand => {
  const { command, description } = isRecord(given) ? given : {};
  if (typeof command !== 'string' || !/^\/?[a-z\d_]{1,32}$/.test(command))
    throw badRequest('BOT_COMMAND_INVALID');
  if (typeof description !== 'string' || description === '' || description.length > 256) {
    throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return { command: command.replace('/', ''), description };
};
