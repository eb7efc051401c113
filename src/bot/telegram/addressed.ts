import type { TelegramMessage } from './update.ts';

/** The bot's own account, as getMe tells it. */
export interface BotSelf {
  readonly id: number;
  readonly username: string;
}

/** Whether a message is meant for us; in a group people also talk to each other and to other bots. */
export const isAddressed = (bot: BotSelf, message: TelegramMessage, answersUs: boolean): boolean => {
  if (message.chat.type === 'private') return true;
  const command = leadingCommand(message);
  if (command !== undefined) return command.target === undefined || isName(bot, command.target);
  return answersUs || mentions(bot, message).length > 0;
};

/** The text without our name in it: "@textops_bot run backup" asks for "run backup". */
export const withoutMention = (bot: BotSelf, message: TelegramMessage): string => {
  const text = message.text ?? '';
  return mentions(bot, message)
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((left, { offset, length }) => left.slice(0, offset) + left.slice(offset + length), text)
    .trim();
};

type Entity = NonNullable<TelegramMessage['entities']>[number];

const mentions = (bot: BotSelf, message: TelegramMessage): readonly Entity[] =>
  (message.entities ?? []).filter((entity) => {
    if (entity.type === 'text_mention') return entity.user?.id === bot.id;
    return entity.type === 'mention' && isName(bot, shown(message, entity).slice(1));
  });

/** `/run@some_bot` at the very beginning; a slash in the middle of a sentence is a quotation. */
const leadingCommand = (message: TelegramMessage): { readonly target: string | undefined } | undefined => {
  const entity = message.entities?.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (entity === undefined) return undefined;
  return { target: shown(message, entity).split('@')[1] };
};

/** Telegram counts in UTF-16 units, and so does JavaScript. */
const shown = (message: TelegramMessage, { offset, length }: Entity): string =>
  (message.text ?? '').slice(offset, offset + length);

const isName = (bot: BotSelf, name: string): boolean => name.toLowerCase() === bot.username.toLowerCase();
