import type { Address, Identity } from '../../core/ports/channel.ts';

export const CHANNEL = 'slack';

/** A conversation of a workspace, or one thread of it. */
export interface Place {
  readonly team: string;
  readonly channel: string;
  /** The `ts` of the message that a thread hangs from. */
  readonly thread?: string;
}

const ID = '[A-Z][A-Z0-9]{1,30}';
const TS = '\\d{1,12}\\.\\d{1,8}';
const ADDRESS = new RegExp(`^slack:(${ID}):(${ID})(?:/(${TS}))?$`);
const IDENTITY = new RegExp(`^slack:(${ID}):(${ID})$`);

export const addressOf = ({ team, channel, thread }: Place): Address =>
  `${CHANNEL}:${team}:${channel}${thread === undefined ? '' : `/${thread}`}`;

export const identityOf = (team: string, user: string): Identity => `${CHANNEL}:${team}:${user}`;

/** Undefined for an address of another channel. */
export const placeOf = (address: Address): Place | undefined => {
  const [, team, channel, thread] = ADDRESS.exec(address) ?? [];
  if (team === undefined || channel === undefined) return undefined;
  return { team, channel, ...(thread === undefined ? {} : { thread }) };
};

/** The user id behind an identity, or undefined when it belongs to another channel. */
export const userOf = (identity: Identity): string | undefined => IDENTITY.exec(identity)?.[2];

/** Direct messages have ids that begin with D; everything else is read by several people. */
export const isDirect = (channel: string): boolean => channel.startsWith('D');

/** Somebody's own id, where a conversation's should be: what is for them alone. */
export const isSomebody = (channel: string): boolean => /^[UW]/.test(channel);

export const isGroup = (address: Address): boolean => {
  const place = placeOf(address);
  return place !== undefined && !isDirect(place.channel) && !isSomebody(place.channel);
};

/**
 * A message as the rest of the program knows it: its `ts`, and in front of it the thread that it stands in, because a
 * thread is named by its first message only. A message that nothing may hang from has an empty one.
 */
export const messageIdOf = (ts: string, thread?: string): string =>
  thread === undefined || thread === ts ? ts : `${thread}/${ts}`;

/** What was said by a command or in a form: no message stands there. */
export const NO_MESSAGE = '/';

export const tsOf = (messageId: string): string => messageId.split('/').at(-1) ?? messageId;

/** The thread that a message stands in, or undefined when it stands in none. */
export const threadOf = (messageId: string): string | undefined => {
  const [thread, ts] = messageId.split('/');
  return ts === undefined || thread === '' ? undefined : thread;
};
