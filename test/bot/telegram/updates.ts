import type { BotSelf } from '../../../src/bot/telegram/addressed.ts';

// Updates as Telegram sends them; a test names only what is special.

export const bot: BotSelf = { id: 7_000_000_001, username: 'textops_bot' };

export const botUser = { id: bot.id, is_bot: true, first_name: 'TextOps', username: bot.username };
export const ana = { id: 42, is_bot: false, first_name: 'Ana', last_name: 'Lee', username: 'ana' };

export const privateChat = { id: 42, type: 'private', first_name: 'Ana' };
export const ops = { id: -1_001_234_567_890, type: 'supergroup', title: 'ops' };

export const DATE = 1_795_185_120;

export const inPrivate = (text: string, more: object = {}) => ({
  message_id: 11,
  date: DATE,
  chat: privateChat,
  from: ana,
  text,
  ...more,
});

export const inGroup = (text: string, more: object = {}) => ({
  message_id: 12,
  date: DATE,
  chat: ops,
  from: ana,
  text,
  ...more,
});

export const update = (body: object) => ({ update_id: 700, ...body });
export const message = (text: string, more: object = {}) => update({ message: inPrivate(text, more) });
export const groupMessage = (text: string, more: object = {}) => update({ message: inGroup(text, more) });

export const botMessage = { message_id: 501, date: DATE, chat: ops, from: botUser, text: 'Approval needed' };

/** The entity that Telegram would mark for this part of a text. */
export const entity = (type: string, text: string, part: string, more: object = {}) => ({
  type,
  offset: text.indexOf(part),
  length: part.length,
  ...more,
});

export const press = (data: unknown, more: object = {}) =>
  update({ callback_query: { id: 'q1', from: ana, chat_instance: '7', message: botMessage, data, ...more } });
