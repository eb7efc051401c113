import type { Disqualified, Inbound } from '../../core/ports/channel.ts';
import { addressOf, CHANNEL, identityOf, isDirect, messageIdOf, type Place } from './address.ts';
import type { SlackEvent, SlackMessage, SlackMessageEvent } from './payload.ts';
import { mentions, saidIn } from './said.ts';

/** Kinds of messages that people write; the others are news about the channel. */
const WRITTEN = new Set([undefined, 'thread_broadcast', 'file_share', 'message_changed', 'bot_message']);

export const ofMessage = (
  { team_id, event_id, event_time }: SlackEvent,
  event: SlackMessageEvent,
  self: string | undefined,
): Inbound | undefined => {
  const { channel, subtype, type } = event;
  if (!WRITTEN.has(subtype)) return undefined;
  const changed = subtype === 'message_changed';
  const message = changed ? event.message : event;
  // What we said ourselves comes back to us as well.
  if (message?.text === undefined || (self !== undefined && message.user === self)) return undefined;
  const where = placeIn({ team: team_id, channel }, message, self);
  const disqualified = disqualification(message, changed);
  const { user, user_team = team_id, text } = message;
  const name = user ?? message.bot_id ?? 'a bot';
  return {
    channel: CHANNEL,
    account: team_id,
    eventKey: event_id,
    kind: 'text',
    address: addressOf(where.place),
    lane: addressOf({ team: team_id, channel }),
    sentAtMs: sentAtMs(event.ts, event_time),
    from: { identity: identityOf(user_team, name), name: saidIn(name, undefined) },
    chat: isDirect(channel) ? 'private' : 'group',
    aside: 'possible',
    ...(disqualified === undefined ? {} : { disqualified }),
    text: saidIn(text, self),
    addressed: isAddressed(type, channel, message, self),
    messageId: where.messageId,
    ...(where.replyTo === undefined ? {} : { replyTo: where.replyTo }),
  };
};

/** A mention comes as an event of its own, so the same message without that event is talk. */
const isAddressed = (
  type: SlackMessageEvent['type'],
  channel: string,
  { text = '', parent_user_id }: SlackMessage,
  self: string | undefined,
): boolean => {
  if (type === 'app_mention' || isDirect(channel)) return true;
  return self !== undefined && parent_user_id === self && !mentions(text, self);
};

/**
 * A thread below one of our messages belongs to the conversation that the message stands in, and names it. A thread below
 * somebody else's is a conversation of its own.
 */
const placeIn = (
  channel: Place,
  { ts, thread_ts, parent_user_id }: SlackMessage,
  self: string | undefined,
): { readonly place: Place; readonly messageId: string; readonly replyTo?: string } => {
  if (thread_ts === undefined || thread_ts === ts) return { place: channel, messageId: ts };
  if (self === undefined || parent_user_id !== self) {
    return { place: { ...channel, thread: thread_ts }, messageId: ts };
  }
  return { place: channel, messageId: messageIdOf(ts, thread_ts), replyTo: thread_ts };
};

/** An edit may still be answered, so whatever weighs more is looked at first. */
const disqualification = (
  { bot_id, user, attachments = [], edited }: SlackMessage,
  changed: boolean,
): Disqualified | undefined => {
  if (bot_id !== undefined || user === undefined) return 'anonymous';
  if (attachments.some(({ is_share }) => is_share === true)) return 'forwarded';
  return changed || edited !== undefined ? 'edited' : undefined;
};

/** The stamp of a message is the moment on which Slack took it. */
const sentAtMs = (ts: string, eventTime: number): number => {
  const ms = Math.floor(Number(ts) * 1000);
  return Number.isSafeInteger(ms) ? ms : eventTime * 1000;
};
