import type { Entity, Message } from './wire.ts';
import type { ChatState, World } from './world.ts';

/**
 * Privacy mode: in a group the bot gets commands meant for it, replies to it and mentions of it.
 * Administrators and bots with the mode switched off get everything.
 */
export const botSees = (world: World, state: ChatState, message: Message): boolean => {
  if (state.chat.type === 'private') return true;
  if (state.botStatus === 'left' || state.botStatus === 'kicked') return false;
  if (state.chat.type === 'channel') return state.botStatus === 'administrator';
  if (world.readsAllGroupMessages || state.botStatus === 'administrator') return true;
  if (message.reply_to_message?.from?.id === world.bot.id) return true;
  return (message.entities ?? []).some((entity) => isForBot(world, message.text ?? '', entity));
};

const isForBot = (world: World, text: string, entity: Entity): boolean => {
  const written = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
  const name = `@${world.bot.username?.toLowerCase()}`;
  if (entity.type === 'mention') return written === name;
  if (entity.type !== 'bot_command') return false;
  if (written.includes('@')) return written.endsWith(name);
  return entity.offset === 0;
};
