import type {
  ButtonToken,
  IChannelAdapter,
  IMessageSender,
  SenderCaps,
  Webhook,
} from '../core/ports/channel.ts';
import type { IInstallations } from '../core/ports/installations.ts';
import type { OnlyOne } from '../core/ports/leases.ts';
import type { Observe } from '../core/ports/observe.ts';

/** What is known of a channel before anything of it is loaded: every process may ask, also one that never opens it. */
export interface ChannelKind {
  /** In front of the colon of every address there. */
  readonly name: string;
  readonly caps: SenderCaps;
  /** What people are called there; without it nobody is a person there. */
  readonly people?: { readonly like: RegExp; readonly expected: string };
  /** Loads and opens it; undefined where the settings do not ask for it. */
  readonly open: (settings: ChannelSettings, parts: ChannelParts) => Promise<Channel> | undefined;
}

/** A way in and a way out. */
export interface Channel {
  readonly sender: IMessageSender;
  readonly adapter?: IChannelAdapter;
  /** Where its provider calls us. */
  readonly webhooks?: readonly Webhook[];
}

export interface ChannelSettings {
  readonly telegram?: {
    readonly token: string;
    readonly apiRoot?: string;
    /** Telegram calls us there instead of being asked for news. */
    readonly webhook?: { readonly publicUrl: string; readonly secret: string };
  };
  readonly slack?: {
    readonly botToken?: string;
    readonly appToken?: string;
    readonly signingSecret?: string;
    readonly apiRoot: string;
    readonly oauth?: { readonly clientId: string; readonly clientSecret: string };
    readonly publicUrl?: string;
  };
  readonly sms?: {
    readonly accountSid: string;
    readonly authToken: string;
    readonly apiRoot: string;
    readonly from: string;
    /** Where Twilio was told to call us. */
    readonly publicUrl: string;
  };
}

export interface ChannelParts {
  readonly observe: Observe;
  /** Milliseconds since 1970, for health only. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  readonly buttonToken: ButtonToken;
  readonly installations: IInstallations;
  /** For what a provider allows to one process at a time. */
  readonly onlyOne: OnlyOne;
  /** A channel hears nothing any more, and only a new process is sure to help. */
  readonly onDeaf: (silentMs: number) => void;
  /** The name of the bot, as soon as its provider has told it. */
  readonly onIntroduced?: (name: string) => void;
}
