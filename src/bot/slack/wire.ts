import { createHash } from 'node:crypto';
import type { ZodError } from 'zod';
import type { Inbound } from '../../core/ports/channel.ts';
import { addressOf, CHANNEL, identityOf, isDirect, NO_MESSAGE } from './address.ts';
import { ofBlockActions, ofSubmission } from './interactions.ts';
import { ofMessage } from './messages.ts';
import {
  commandSchema,
  eventSchema,
  interactionSchema,
  type SlackCommand,
  type SlackEvent,
  type SlackMembership,
} from './payload.ts';
import { saidIn } from './said.ts';

/** Whatever Slack sends, by the way it came. */
export type Received =
  | { readonly kind: 'event'; readonly body: unknown }
  | { readonly kind: 'command'; readonly body: unknown; readonly sentAtMs?: number }
  | { readonly kind: 'interaction'; readonly body: unknown };

/** Translates whatever came. Undefined: well-formed, and of no interest to us. Never throws. */
export const toInbound = (received: Received, botUser: string | undefined): Inbound | undefined => {
  const { body } = received;
  switch (received.kind) {
    case 'event': {
      const read = eventSchema.safeParse(body);
      return read.success ? ofEvent(read.data, botUser) : unreadable(body, read.error);
    }
    case 'command': {
      const read = commandSchema.safeParse(body);
      return read.success ? ofCommand(read.data, received.sentAtMs) : unreadable(body, read.error);
    }
    case 'interaction': {
      const read = interactionSchema.safeParse(body);
      if (!read.success) return unreadable(body, read.error);
      if ('container' in read.data) return ofBlockActions(read.data);
      return 'view' in read.data ? ofSubmission(read.data) : undefined;
    }
  }
};

const ofEvent = (outer: SlackEvent, botUser: string | undefined): Inbound | undefined => {
  const { event, authorizations = [] } = outer;
  // Where several workspaces have us, each knows us by another name.
  const self = authorizations.find(({ is_bot }) => is_bot === true)?.user_id ?? botUser;
  if ('ts' in event) return ofMessage(outer, event, self);
  return 'channel' in event ? ofMembership(outer, event, self) : undefined;
};

/** Somebody let us in again, or a channel was closed for everybody. */
const ofMembership = (
  { team_id, event_id, event_time }: SlackEvent,
  { type, channel, user }: SlackMembership,
  self: string | undefined,
): Inbound | undefined => {
  if (type === 'member_joined_channel' && (self === undefined || user !== self)) return undefined;
  const address = addressOf({ team: team_id, channel });
  const gone = type === 'channel_archive' || type === 'group_archive';
  return {
    channel: CHANNEL,
    account: team_id,
    eventKey: event_id,
    kind: 'membership',
    address,
    lane: address,
    sentAtMs: event_time * 1000,
    state: gone ? 'unreachable' : 'reachable',
  };
};

/** Nobody sees what was typed behind a slash, so nobody but who typed it sees the answer. */
const ofCommand = (command: SlackCommand, sentAtMs: number | undefined): Inbound => {
  const { team_id, channel_id, user_id, user_name, text, trigger_id } = command;
  const address = addressOf({ team: team_id, channel: channel_id });
  const words = saidIn(text, undefined);
  return {
    channel: CHANNEL,
    account: team_id,
    eventKey: `trigger:${trigger_id}`,
    kind: 'text',
    address,
    lane: address,
    ...(sentAtMs === undefined ? {} : { sentAtMs }),
    from: { identity: identityOf(team_id, user_id), name: saidIn(user_name ?? user_id, undefined) },
    chat: isDirect(channel_id) ? 'private' : 'group',
    aside: 'always',
    trigger: trigger_id,
    text: words === '' ? 'help' : words,
    addressed: true,
    messageId: NO_MESSAGE,
  };
};

const RAW_MAX = 4000;

const unreadable = (body: unknown, error: ZodError): Inbound => {
  const raw = JSON.stringify(body) ?? String(body);
  const address = `${CHANNEL}:unreadable`;
  const [issue] = error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return {
    channel: CHANNEL,
    account: teamIn(body) ?? 'unknown',
    eventKey: `hash:${createHash('sha256').update(raw).digest('hex')}`,
    kind: 'unreadable',
    address,
    lane: address,
    reason: `${where === '' ? 'payload' : where}: ${issue?.message ?? 'not what Slack sends'}`,
    raw: raw.slice(0, RAW_MAX).toWellFormed(),
  };
};

const teamIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'team_id' in body && typeof body.team_id === 'string'
    ? body.team_id.slice(0, 40)
    : undefined;
