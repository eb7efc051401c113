import type { IgnoredReason } from '../people/refused.ts';
import type { Brief } from '../text/cards/brief.ts';
import type { OpenableForm } from '../text/cards/form.ts';
import type { Card, Note, Verb } from '../text/cards/rich.ts';

/** `<channel>:<conversation>[/<thread>]`: `telegram:-1001234567890/17`, `dev:ops`. */
export type Address = string;

/** `<channel>:<stable id>`: `telegram:123456789`, `dev:ana`. Never a user name. */
export type Identity = string;

export interface ButtonPress {
  readonly verb: Verb;
  readonly runId?: string;
  readonly token?: string;
  readonly argument?: string;
  /** What the channel needs to answer the press. */
  readonly pressId: string;
}

/** Why a message from a real conversation must never decide or command anything (CHANNELS 5, PRODUCT 4). */
export type Disqualified = IgnoredReason;

interface InboundBase {
  /** `telegram`, `dev`, `terminal`. */
  readonly channel: string;
  /** Which bot or account received it; part of the dedupe key. */
  readonly account: string;
  /** The provider's own id of this event: one per account, for ever. */
  readonly eventKey: string;
  readonly address: Address;
  /** Messages of one lane are handled in order of arrival. */
  readonly lane: string;
  /** When the person sent it, milliseconds since 1970, as the provider says; undefined when it does not. */
  readonly sentAtMs?: number;
}

export interface Sender {
  readonly identity: Identity;
  /** For display only. */
  readonly name: string;
}

interface InboundSpoken extends InboundBase {
  readonly from: Sender;
  readonly chat: 'private' | 'group';
  readonly disqualified?: Disqualified;
  /**
   * What is answered can be shown to the sender alone. `always`: nobody saw the question either, so that nothing but what
   * concerns everybody is for everybody.
   */
  readonly aside?: 'possible' | 'always';
  /** What opens one form, for a few seconds. */
  readonly trigger?: string;
}

export type Inbound =
  | (InboundSpoken & {
      readonly kind: 'text';
      readonly text: string;
      /** True for a command, a reply to the bot or a mention; plain group chatter is not for us. */
      readonly addressed: boolean;
      readonly messageId: string;
      /** The bot's message that this one answers. */
      readonly replyTo?: string;
      /** It answers or quotes something else: of another writer, or of another chat. */
      readonly quotes?: true;
      /** The whole message is a word that the carrier acts on as well; `yes` only for whoever wants no messages. */
      readonly keyword?: 'stop' | 'start' | 'yes';
    })
  | (InboundSpoken & { readonly kind: 'button'; readonly press: ButtonPress; readonly messageId?: string })
  /** Somebody blocked the bot, removed it, or let it in again. */
  | (InboundBase & { readonly kind: 'membership'; readonly state: 'reachable' | 'unreachable' })
  /** The chat continues under another address. */
  | (InboundBase & { readonly kind: 'migration'; readonly to: Address })
  /** How far a message of ours has come on its way, as the provider says. */
  | (InboundBase & {
      readonly kind: 'receipt';
      readonly messageId: string;
      readonly state: ReceiptState;
      /** The provider's code for what went wrong. */
      readonly error?: string;
      /** It went wrong because nobody there wants messages of ours any more. */
      readonly optedOut?: true;
    })
  /** It came, but no schema of ours reads it. Kept as a dead letter, never handled. */
  | (InboundBase & { readonly kind: 'unreadable'; readonly reason: string; readonly raw: string });

/** From the first to the last; of the last three there is one. */
export type ReceiptState = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** Where a provider calls us. It finds out for itself who is calling, stores what came, and only then acknowledges it. */
export interface Webhook {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: 'open';
  handle(request: Request): Promise<Response>;
}

/** Resolves only after the batch is committed; an adapter confirms to its provider only then. */
export type InboundSink = (batch: readonly Inbound[]) => Promise<void>;

export interface ChannelHealth {
  readonly channel: string;
  /** `standby`: another process listens and speaks here, and this one would take over. */
  readonly state: 'ok' | 'degraded' | 'down' | 'standby';
  /** When the provider was last heard (a *finished* poll), milliseconds since 1970. */
  readonly lastHeardMs?: number;
  readonly reason?: string;
}

/** Brings messages in. It translates and stores; no rule lives here. */
export interface IChannelAdapter {
  readonly channel: string;
  start(sink: InboundSink): Promise<void>;
  /** Stops taking anything in; what was taken is committed when this resolves. */
  drain(deadlineMs: number): Promise<void>;
  health(): ChannelHealth;
  /** False while another process has the channel; without it every process has its own. */
  isOurs?(): boolean;
}

export interface SenderCaps {
  /** Cards with buttons that can be edited in place; without it a channel shows only the plain wording. */
  readonly cards: boolean;
  readonly textMax: number;
  /** Whether a message may be a file. */
  readonly documents?: true;
  /** Whether every message is a short text for one person, which is written anew instead of being cut. */
  readonly texts?: true;
  /** Whether it asks for several values at once, in a form. */
  readonly forms?: true;
  /** Whether everything about a run stands in one thread below its card, which then need not say it all. */
  readonly threads?: true;
  /** How fast messages may go out; without it as fast as they come. */
  readonly pace?: Pace;
}

/** At most so many messages in so many milliseconds. */
export type Rate = readonly [count: number, ms: number];

/** Edits count as well. A conversation is everything before the `/` of an address: its threads share one rate. */
export interface Pace {
  readonly perConversation: Rate;
  readonly perGroup: Rate;
  readonly overall: Rate;
  readonly isGroup: (address: Address) => boolean;
}

/** One outgoing message, as the outbox hands it to a channel. */
export interface Delivery {
  readonly address: Address;
  readonly runId?: string;
  readonly content:
    | { readonly kind: 'card'; readonly card: Card; readonly plain?: string; readonly brief?: Brief }
    | { readonly kind: 'note'; readonly note: Note; readonly plain?: string; readonly brief?: Brief };
  /** A file that is sent in the place of the content, on a channel that can. */
  readonly document?: { readonly name: string; readonly text: string };
  /** The provider's id of the message to edit, for a card that has been sent before. */
  readonly edits?: string;
  /** The provider's id of the message to thread under. */
  readonly replyTo?: string;
  /** Whoever alone should see it, on a channel that can show something to one person of many. */
  readonly onlyFor?: Identity;
  /** What the content asks for, as a form, on a channel that has forms. */
  readonly form?: OpenableForm;
  readonly correlationId: string;
  readonly key: string;
}

export type Delivered =
  | { readonly k: 'sent'; readonly messageId?: string }
  /** The provider asked for a pause; not an attempt. */
  | { readonly k: 'pause'; readonly ms: number; readonly scope: 'lane' | 'all' }
  /** `ambiguous`: the provider may have taken it. */
  | { readonly k: 'retry'; readonly ambiguous: boolean; readonly reason: string }
  | { readonly k: 'readdress'; readonly to: Address }
  /** The message to edit is gone, or cannot be edited: send the content as a new message. */
  | { readonly k: 'resend_new' }
  | {
      readonly k: 'dead';
      readonly suspend: boolean;
      readonly reason: string;
      /** Whoever is there said that they want no messages of ours. */
      readonly optedOut?: true;
    };

/** Takes messages out. It renders and sends once; every second try belongs to the outbox. */
export interface IMessageSender {
  readonly channel: string;
  readonly caps: SenderCaps;
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Delivered>;
  /** Answers a button press; best effort, after the commit, never a condition for it. */
  answerPress(pressId: string, answer: { readonly text: string; readonly alert: boolean }): Promise<void>;
}

/**
 * The 96-bit secret behind a button that decides, starts or stops: a keyed hash of exactly what the button may do, so it
 * dies by itself when run, epoch, digest or verb change, and nothing has to be stored. 16 base64url characters.
 */
export type ButtonToken = (bound: { verb: Verb; runId: string; epoch: number; digest: string }) => string;
