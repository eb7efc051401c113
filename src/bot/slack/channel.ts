import type { ButtonToken, IChannelAdapter, IMessageSender, Webhook } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { createDoor } from '../door.ts';
import { createPulse } from './health.ts';
import type { SlackSelf } from './introduce.ts';
import { slackSender } from './send.ts';
import { type SlackTimes, slackAdapter } from './start.ts';
import { slackWebhooks } from './webhooks.ts';

export interface SlackParts {
  readonly botToken: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly apiRoot: string;
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
  const { botToken, signingSecret, observe } = parts;
  const pulse = createPulse(parts);
  const door = createDoor();
  let self: SlackSelf | undefined;
  const onIntroduced = (known: SlackSelf): void => {
    self = known;
  };
  const onRefused = (refused: boolean): void => {
    if (refused) pulse.turns('down', 'the token was refused');
  };
  return {
    sender: slackSender({ ...parts, tokenOf: () => Promise.resolve(botToken), onRefused }),
    adapter: slackAdapter({ ...parts, pulse, door, onIntroduced }),
    webhooks:
      signingSecret === undefined
        ? []
        : slackWebhooks({
            signingSecret,
            observe,
            now: parts.now,
            sink: door.sink,
            onHeard: pulse.heard,
            onStored: (error) =>
              error === undefined
                ? pulse.turns('ok')
                : pulse.turns('degraded', 'what Slack sends cannot be stored'),
            botUser: () => self?.user,
          }),
  };
};
