import type { Address, Identity } from '../../core/ports/channel.ts';

export const CHANNEL = 'telegram';

export interface Place {
  readonly chatId: number;
  readonly threadId?: number;
}

export const addressOf = ({ chatId, threadId }: Place): Address =>
  threadId === undefined ? `${CHANNEL}:${chatId}` : `${CHANNEL}:${chatId}/${threadId}`;

export const identityOf = (userId: number): Identity => `${CHANNEL}:${userId}`;

/** Undefined for an address of another channel. */
export const placeOf = (address: Address): Place | undefined => {
  const [, chat, thread] = /^telegram:(-?\d{1,16})(?:\/(\d{1,16}))?$/.exec(address) ?? [];
  if (chat === undefined) return undefined;
  return { chatId: Number(chat), ...(thread === undefined ? {} : { threadId: Number(thread) }) };
};

/** The numeric id behind an identity, or undefined when it belongs to another channel. */
export const userIdOf = (identity: Identity): string | undefined =>
  /^telegram:(\d{1,16})$/.exec(identity)?.[1];

/** Groups, supergroups and channels have negative ids. */
export const isGroup = (address: Address): boolean => address.startsWith(`${CHANNEL}:-`);
