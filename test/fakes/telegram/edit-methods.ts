import { badRequest } from './api-error.ts';
import { accessChat, accessMessage, checkNotBlocked } from './chat-access.ts';
import { checkLength, messageText } from './formatted-text.ts';
import { replyMarkup } from './markup.ts';
import { booleanParam, isRecord, jsonParam, textParam } from './params.ts';
import { noneIfEmpty } from './send-methods.ts';
import type { Message, Params } from './wire.ts';
import type { StoredMessage, World } from './world.ts';
import { unixNow } from './world.ts';

export const editMessageText = (world: World, params: Params): Message => {
  const formatted = messageText(params);
  const markup = replyMarkup(params);
  const state = accessChat(world, params, 'edit');
  const stored = editable(accessMessage(state, params, 'message to edit'));
  if (stored.wire.text === undefined) throw badRequest('there is no text in the message to edit');
  checkLength(formatted);
  world.flood.spend(state.chat);
  const content = { text: formatted.text, entities: noneIfEmpty(formatted.entities), reply_markup: markup };
  const message = applyEdit(world, stored, content);
  stored.source = textParam(params, 'text');
  return message;
};

export const editMessageReplyMarkup = (world: World, params: Params): Message => {
  const markup = replyMarkup(params);
  const state = accessChat(world, params, 'edit');
  const stored = editable(accessMessage(state, params, 'message to edit'));
  world.flood.spend(state.chat);
  return applyEdit(world, stored, { reply_markup: markup });
};

const deletableSeconds = 48 * 60 * 60;

export const deleteMessage = (world: World, params: Params): true => {
  const state = accessChat(world, params, 'write');
  const stored = accessMessage(state, params, 'message to delete');
  const isTooOld = unixNow(world) - stored.wire.date > deletableSeconds;
  const isForeign = !stored.fromBot && state.chat.type !== 'private' && state.botStatus !== 'administrator';
  if (isTooOld || isForeign) throw badRequest("message can't be deleted");
  state.messages.delete(stored.wire.message_id);
  return true;
};

const answerUnitsMax = 200;

/** One answer per tap, and only for a while. */
export const answerCallbackQuery = (world: World, params: Params): true => {
  const callback = world.callbacks.get(textParam(params, 'callback_query_id'));
  const isLate = callback === undefined || world.now() - callback.askedAt > world.callbackExpiryMs;
  if (isLate || callback.answer !== undefined) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  const text = textParam(params, 'text');
  if (text.length > answerUnitsMax) throw badRequest('MESSAGE_TOO_LONG');
  callback.answer = { text, showAlert: booleanParam(params, 'show_alert') };
  return true;
};

// A part of the emoji the server accepts without premium: enough to notice a made-up reaction.
const reactions =
  /^[👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🤡🥱🥴😍🐳💯🤣⚡🍌🏆💔🤨😐🍓🍾💋😈😴😭🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡✍❤☃🕊]$/u;

export const setMessageReaction = (world: World, params: Params): true => {
  const given = jsonParam(params, 'reaction', "can't parse reaction types JSON object") ?? [];
  if (!Array.isArray(given)) throw badRequest('expected an Array of ReactionType');
  const state = accessChat(world, params, 'read');
  accessMessage(state, params, 'message to react');
  for (const reaction of given) {
    const emoji = isRecord(reaction) ? String(reaction['emoji']).replaceAll('\uFE0F', '') : '';
    if (!reactions.test(emoji)) throw badRequest('REACTION_INVALID');
  }
  checkNotBlocked(state);
  return true;
};

const editable = (stored: StoredMessage): StoredMessage => {
  if (!stored.fromBot) throw badRequest("message can't be edited");
  return stored;
};

type Content = Pick<Message, 'reply_markup'> & Partial<Pick<Message, 'text' | 'entities'>>;

const notModified =
  'message is not modified: specified new message content and reply markup are exactly the same as ' +
  'a current content and reply markup of the message';

// A missing keyboard removes the one there was: leaving it out is a change too.
const applyEdit = (world: World, stored: StoredMessage, content: Content): Message => {
  const edited = { ...stored.wire, ...content };
  if (contentKey(edited) === contentKey(stored.wire)) throw badRequest(notModified);
  stored.wire = { ...edited, edit_date: unixNow(world) };
  stored.edits += 1;
  return stored.wire;
};

const contentKey = ({ text, entities, reply_markup }: Message): string =>
  JSON.stringify([text, entities, reply_markup]);
