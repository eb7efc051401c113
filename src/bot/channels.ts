import type { ButtonToken, IChannelAdapter, IMessageSender, Webhook } from '../core/ports/channel.ts';
import type { OnlyOne } from '../core/ports/leases.ts';
import type { Observe } from '../core/ports/observe.ts';
import { smsChannel } from './sms/channel.ts';
import { telegramSender } from './telegram/send.ts';
import { telegramAdapter } from './telegram/start.ts';

/** A way in and a way out. */
export interface Channel {
  readonly sender: IMessageSender;
  readonly adapter?: IChannelAdapter;
  /** Where its provider calls us. */
  readonly webhooks?: readonly Webhook[];
}

export interface ChannelSettings {
  readonly telegram?: { readonly token: string; readonly apiRoot?: string };
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
  /** For what a provider allows to one process at a time. */
  readonly onlyOne: OnlyOne;
  /** A channel hears nothing any more, and only a new process is sure to help. */
  readonly onDeaf: (silentMs: number) => void;
  /** The name of the bot, as soon as its provider has told it. */
  readonly onIntroduced?: (name: string) => void;
}

/** Every channel that talks to people over a network: one line each. */
export const openChannels = (settings: ChannelSettings, parts: ChannelParts): readonly Channel[] =>
  [
    settings.telegram === undefined ? undefined : telegram(settings.telegram, parts),
    settings.sms === undefined ? undefined : smsChannel({ ...settings.sms, ...parts }),
  ].filter((channel) => channel !== undefined);

const telegram = (own: NonNullable<ChannelSettings['telegram']>, parts: ChannelParts): Channel => ({
  sender: telegramSender({ ...own, ...parts }),
  adapter: telegramAdapter({ ...own, ...parts }),
});
