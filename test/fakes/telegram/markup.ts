import { badRequest } from './api-error.ts';
import { isRecord, jsonParam } from './params.ts';
import type { InlineButton, Params, ReplyMarkup } from './wire.ts';

const callbackDataBytesMax = 64;
const actions: readonly string[] = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
];

/** An inline keyboard stays on the message; every other markup is accepted and leaves no trace. */
export const replyMarkup = (params: Params): ReplyMarkup | undefined => {
  const value = jsonParam(params, 'reply_markup', "can't parse reply keyboard markup JSON object");
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw badRequest('object expected as reply markup');
  const rows = value['inline_keyboard'];
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows))
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array');
  const keyboard = rows.map(rowOf).filter((row) => row.length > 0);
  return keyboard.length === 0 ? undefined : { inline_keyboard: keyboard };
};

const rowOf = (row: unknown): readonly InlineButton[] => {
  if (!Array.isArray(row)) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  return row.map(buttonOf);
};

const buttonOf = (button: unknown): InlineButton => {
  if (!isRecord(button)) throw cannotParseButton('InlineKeyboardButton must be an Object');
  const { text, callback_data: data } = button;
  if (typeof text !== 'string') throw cannotParseButton('Can\'t find field "text"');
  if (text === '') throw badRequest('inline keyboard button text must be non-empty');
  const chosen = actions.filter((action) => button[action] !== undefined);
  if (chosen.length === 0) throw cannotParseButton('Text buttons are unallowed in the inline keyboard');
  if (chosen.length > 1) throw badRequest('BUTTON_TYPE_INVALID');
  if (data !== undefined && !isCallbackData(data)) throw badRequest('BUTTON_DATA_INVALID');
  return { ...button, text };
};

const isCallbackData = (data: unknown): data is string =>
  typeof data === 'string' && data !== '' && Buffer.byteLength(data) <= callbackDataBytesMax;

const cannotParseButton = (reason: string): Error =>
  badRequest(`can't parse inline keyboard button: ${reason}`);
