import { z } from 'zod';
import type { Inbound } from '../../core/ports/channel.ts';
import { addressOf, CHANNEL, PHONE_NUMBER } from './address.ts';

type Form = Readonly<Record<string, string>>;

/** `nothing`: well-formed, and of no interest to us. Undefined: not what Twilio sends. */
export type Read = Inbound | 'nothing' | undefined;

// The shape is half of the lock: without it the end of one field could be taken for the beginning of the next.
const messageSid = z.string().regex(/^(?:SM|MM)[0-9a-f]{32}$/i);
const number = z.string().regex(PHONE_NUMBER);

/** Twilio joins long messages up to here. */
const BODY_MAX = 1600;

const message = z.object({
  MessageSid: messageSid,
  AccountSid: z.string(),
  From: number,
  To: z.string().regex(/^\+?\d{3,15}$/),
  Body: z.string().max(BODY_MAX),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
});

/** A text that came in. Its number proves nothing about who wrote it; the rules know that of this channel. */
export const toInbound = (form: Form): Read => {
  const read = message.safeParse(form);
  if (!read.success) return undefined;
  const { MessageSid, AccountSid, From, Body, OptOutType } = read.data;
  // A picture without a word says nothing that the grammar could read.
  if (Body.trim() === '') return 'nothing';
  const address = addressOf(From);
  const keyword = keywordOf(Body, OptOutType);
  return {
    kind: 'text',
    channel: CHANNEL,
    account: AccountSid,
    eventKey: MessageSid,
    address,
    lane: address,
    from: { identity: address, name: From },
    chat: 'private',
    text: Body,
    addressed: true,
    messageId: MessageSid,
    ...(keyword === undefined ? {} : { keyword }),
  };
};

type Keyword = NonNullable<Extract<Inbound, { kind: 'text' }>['keyword']>;

/** The words that carriers act on, whatever we think of them, when a message is nothing else. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  stop: 'stop',
  stopall: 'stop',
  unsubscribe: 'stop',
  cancel: 'stop',
  end: 'stop',
  quit: 'stop',
  revoke: 'stop',
  optout: 'stop',
  start: 'start',
  unstop: 'start',
  yes: 'yes',
};

const keywordOf = (body: string, told: 'STOP' | 'START' | 'HELP' | undefined): Keyword | undefined => {
  const word = body.trim().toLowerCase();
  const own = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
  if (told === 'STOP') return 'stop';
  return told === 'START' && own !== 'yes' ? 'start' : own;
};

const status = z.object({
  MessageSid: messageSid,
  AccountSid: z.string(),
  MessageStatus: z.string().regex(/^[a-z_]{1,30}$/),
  To: number,
  ErrorCode: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional(),
});

/** Twilio's words for how far a message of ours has come. */
const STATES: Readonly<Record<string, Extract<Inbound, { kind: 'receipt' }>['state']>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** Whoever said STOP to the carrier. */
export const OPTED_OUT = 21_610;

export const toReceipt = (form: Form): Read => {
  const read = status.safeParse(form);
  if (!read.success) return undefined;
  const { MessageSid, AccountSid, MessageStatus, To, ErrorCode } = read.data;
  const state = Object.hasOwn(STATES, MessageStatus) ? STATES[MessageStatus] : undefined;
  if (state === undefined) return 'nothing';
  const address = addressOf(To);
  return {
    kind: 'receipt',
    channel: CHANNEL,
    account: AccountSid,
    eventKey: `${MessageSid}:${MessageStatus}`,
    address,
    lane: address,
    messageId: MessageSid,
    state,
    ...(ErrorCode === undefined ? {} : { error: ErrorCode }),
    ...(Number(ErrorCode) === OPTED_OUT ? { optedOut: true } : {}),
  };
};
