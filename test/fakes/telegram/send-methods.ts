import { badRequest } from './api-error.ts';
import { accessChat, checkNotBlocked, repliedMessage, targetTopic } from './chat-access.ts';
import { captionText, checkLength, messageText } from './formatted-text.ts';
import { replyMarkup } from './markup.ts';
import { booleanParam, textParam } from './params.ts';
import type { Message, Params, SentDocument, UploadedFile } from './wire.ts';
import type { ChatState, World } from './world.ts';
import { nextMessageId, nextNumber, storeMessage, unixNow } from './world.ts';

export const sendMessage = (world: World, params: Params): Message => {
  const formatted = messageText(params);
  return send(world, params, {
    content: { text: formatted.text, entities: noneIfEmpty(formatted.entities) },
    source: textParam(params, 'text'),
    check: () => checkLength(formatted),
  });
};

export const sendDocument = (world: World, params: Params): Message => {
  const file = uploadedFile(params);
  const caption = captionText(params);
  return send(world, params, {
    content: {
      document: documentOf(world, file, textParam(params, 'document')),
      caption: caption.text === '' ? undefined : caption.text,
      caption_entities: noneIfEmpty(caption.entities),
    },
    source: textParam(params, 'caption'),
    file,
  });
};

const chatActions: ReadonlySet<string> = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

export const sendChatAction = (world: World, params: Params): true => {
  const action = textParam(params, 'action').toLowerCase();
  if (!chatActions.has(action)) throw badRequest('wrong parameter action in request');
  const state = accessChat(world, params, 'write');
  targetTopic(state, params);
  checkNotBlocked(state);
  return true;
};

export const noneIfEmpty = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length === 0 ? undefined : list;

interface Outgoing {
  readonly content: Partial<Message>;
  readonly source: string;
  readonly file?: UploadedFile | undefined;
  readonly check?: () => void;
}

// The order of the checks is the server's: what it can tell by itself first, then the chat, then the limits.
const send = (world: World, params: Params, outgoing: Outgoing): Message => {
  const markup = replyMarkup(params);
  const state = accessChat(world, params, 'write');
  const topic = targetTopic(state, params);
  const replied = repliedMessage(state, params);
  outgoing.check?.();
  world.flood.spend(state.chat);
  checkNotBlocked(state);
  const message: Message = {
    message_id: nextMessageId(world, state),
    date: unixNow(world),
    chat: state.chat,
    from: world.bot,
    ...threadOf(state, topic, replied),
    reply_to_message: replied,
    ...outgoing.content,
    reply_markup: markup,
  };
  const silent = booleanParam(params, 'disable_notification');
  return storeMessage(state, message, {
    fromBot: true,
    silent,
    file: outgoing.file,
    source: outgoing.source,
  });
};

/**
 * A reply in a supergroup carries a thread id even where there are no topics; only `is_topic_message` tells a
 * forum topic. The reply of a topic message stays in the topic.
 */
export const threadOf = (
  state: ChatState,
  topic: number | undefined,
  replied: Message | undefined,
): Pick<Message, 'message_thread_id' | 'is_topic_message'> => {
  const inherited = replied?.is_topic_message === true ? replied.message_thread_id : undefined;
  const id = topic ?? inherited;
  if (id !== undefined) return { message_thread_id: id, is_topic_message: true };
  if (state.chat.type !== 'supergroup' || replied === undefined) return {};
  return { message_thread_id: replied.message_thread_id ?? replied.message_id };
};

const uploadedFile = (params: Params): UploadedFile | undefined => {
  const given = params['document'];
  if (isFile(given)) return nonEmpty(given);
  const reference = textParam(params, 'document');
  if (reference === '') throw badRequest('there is no document in the request');
  if (!reference.startsWith('attach://')) return undefined;
  const attached = params[reference.slice('attach://'.length)];
  if (!isFile(attached)) throw badRequest('there is no document in the request');
  return nonEmpty(attached);
};

const nonEmpty = (file: UploadedFile): UploadedFile => {
  if (file.size === 0) throw badRequest('file must be non-empty');
  return file;
};

const isFile = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && 'fileName' in value;

const documentOf = (world: World, file: UploadedFile | undefined, reference: string): SentDocument => {
  const number = nextNumber(world);
  return {
    file_id: file === undefined ? reference : `file-${number}`,
    file_unique_id: `unique-${number}`,
    file_name: file?.fileName ?? 'document',
    mime_type: file?.contentType ?? 'application/octet-stream',
    file_size: file?.size ?? 0,
  };
};
