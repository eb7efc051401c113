import type { ButtonToken, IChannelAdapter, IMessageSender, Webhook } from '../../core/ports/channel.ts';
import type { IInstallations } from '../../core/ports/installations.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { createDoor } from '../door.ts';
import { createPulse } from '../pulse.ts';
import { CHANNEL } from './address.ts';
import { installPages } from './install.ts';
import type { SlackSelf } from './introduce.ts';
import { unseal } from './sealed.ts';
import { type BotToken, slackSender, type TokenOf } from './send.ts';
import { type SlackTimes, slackAdapter } from './start.ts';
import { slackWebhooks } from './webhooks.ts';

export interface SlackParts {
  /** Of our own workspace; absent where every workspace installs the app for itself. */
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly apiRoot: string;
  /** Present when workspaces install the app themselves. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string };
  readonly publicUrl?: string;
  readonly installations: IInstallations;
  readonly observe: Observe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  readonly buttonToken: ButtonToken;
  readonly timeoutMs?: number;
  readonly times?: Partial<SlackTimes>;
}

export interface SlackChannel {
  readonly sender: IMessageSender;
  readonly adapter: IChannelAdapter;
  readonly webhooks: readonly Webhook[];
}

/** Slack, by a socket where there is an app token, and by its signed calls where there is a signing secret. */
export const slackChannel = (parts: SlackParts): SlackChannel => {
  const { botToken, signingSecret, observe, oauth, publicUrl, installations } = parts;
  const pulse = createPulse({ ...parts, channel: CHANNEL });
  const door = createDoor((failed) =>
    failed ? pulse.turns('degraded', 'what Slack sends cannot be stored') : pulse.turns('ok'),
  );
  let self: SlackSelf | undefined;
  const onIntroduced = (known: SlackSelf): void => {
    self = known;
  };
  const onRefused = (): void => pulse.turns('down', 'the token was refused');
  const ours: BotToken | undefined = botToken === undefined ? undefined : { token: botToken, of: 'us' };
  const tokenOf: TokenOf = async (team) => {
    if (oauth === undefined || (ours !== undefined && team === self?.team)) return ours;
    const found = await installations.find(CHANNEL, team);
    const opened = found === undefined ? undefined : unseal(found.sealed, team, oauth.clientSecret);
    // Until Slack has told us which workspace is ours, every other one may be it.
    if (opened === undefined) return self === undefined ? ours : undefined;
    return { token: opened.token, of: 'workspace' };
  };
  const pages =
    oauth === undefined || publicUrl === undefined ? [] : installPages({ ...parts, ...oauth, publicUrl });
  const calls = (secret: string): readonly Webhook[] =>
    slackWebhooks({
      signingSecret: secret,
      observe,
      now: parts.now,
      sink: door.sink,
      onHeard: pulse.heard,
      onUninstalled: (team) => door.through(installations.remove(CHANNEL, team)),
      botUser: () => self?.user,
    });
  return {
    sender: slackSender({ ...parts, tokenOf, onRefused }),
    adapter: slackAdapter({ ...parts, pulse, door, onIntroduced }),
    webhooks: [...pages, ...(signingSecret === undefined ? [] : calls(signingSecret))],
  };
};
