import { ApiError, badRequest, forbidden } from './api-error.ts';
import { integerParam, isRecord, jsonParam, textParam } from './params.ts';
import type { Message, Params } from './wire.ts';
import type { ChatState, StoredMessage, World } from './world.ts';

export type Access = 'read' | 'edit' | 'write';

/** The chat a call names, once the server is convinced that the bot may use it this way. */
export const accessChat = (world: World, params: Params, access: Access): ChatState => {
  const state = findChat(world, textParam(params, 'chat_id'));
  if (access === 'write' && state.migratedTo !== undefined) {
    throw new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: state.migratedTo,
    });
  }
  // Of a supergroup the bot has left it may not even read; of a basic group it may.
  const needsMembership = state.chat.type === 'supergroup' || access !== 'read';
  if (needsMembership && state.migratedTo === undefined) checkMembership(state);
  return state;
};

/** Only sending notices a block; a message sent before it can still be edited. */
export const checkNotBlocked = (state: ChatState): void => {
  if (state.isBlocked) throw forbidden('bot was blocked by the user');
};

/** The forum topic to send to. A thread in a chat without topics is quietly ignored, as the server does. */
export const targetTopic = (state: ChatState, params: Params): number | undefined => {
  const id = integerParam(params, 'message_thread_id', 0);
  if (id === 0) return undefined;
  if (state.chat.type !== 'private' && state.chat.is_forum === undefined) return undefined;
  const topic = state.topics.get(id);
  if (topic === undefined) throw badRequest('message thread not found');
  if (topic.isClosed) throw badRequest('TOPIC_CLOSED');
  return id;
};

/** The message a new one answers to, by reply_parameters or by the older reply_to_message_id. */
export const repliedMessage = (state: ChatState, params: Params): Message | undefined => {
  const given = jsonParam(params, 'reply_parameters', "can't parse reply parameters JSON object");
  const reply = isRecord(given)
    ? given
    : {
        message_id: params['reply_to_message_id'],
        allow_sending_without_reply: params['allow_sending_without_reply'],
      };
  const id = integerParam(reply, 'message_id', 0);
  if (id === 0) return undefined;
  const found = state.messages.get(id)?.wire;
  const mayBeMissing = String(reply['allow_sending_without_reply']) === 'true';
  if (found === undefined && !mayBeMissing) throw badRequest('message to be replied not found');
  return found === undefined ? undefined : { ...found, reply_to_message: undefined };
};

/** `what` completes the complaint: "message to edit not found". */
export const accessMessage = (state: ChatState, params: Params, what: string): StoredMessage => {
  const id = integerParam(params, 'message_id', 0);
  if (id === 0) throw badRequest('message identifier is not specified');
  const message = state.messages.get(id);
  if (message === undefined) throw badRequest(`${what} not found`);
  return message;
};

const findChat = (world: World, id: string): ChatState => {
  if (id === '') throw badRequest('chat_id is empty');
  const state = id.startsWith('@')
    ? [...world.chats.values()].find(({ chat }) => chat.type !== 'private' && `@${chat.username}` === id)
    : world.chats.get(Number(id));
  if (state === undefined || !state.isOpen) throw badRequest('chat not found');
  return state;
};

const checkMembership = ({ chat, botStatus }: ChatState): void => {
  if (chat.type === 'private') return;
  if (botStatus === 'kicked') throw forbidden(`bot was kicked from the ${chat.type} chat`);
  if (botStatus === 'left') throw forbidden(`bot is not a member of the ${chat.type} chat`);
};
