import type { Api } from 'grammy';
import type { WebhookInfo } from 'grammy/types';
import type { IChannelAdapter, InboundSink, Webhook } from '../../core/ports/channel.ts';
import type { OnlyOne } from '../../core/ports/leases.ts';
import type { Observe } from '../../core/ports/observe.ts';
import type { Running } from '../../core/ports/running.ts';
import { type Backoff, pauseMs } from '../../core/time/backoff.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { rest, within } from '../../loops/rest.ts';
import { createDoor } from '../door.ts';
import { createPulse, type Pulse } from '../pulse.ts';
import { CHANNEL } from './address.ts';
import type { BotSelf } from './addressed.ts';
import { telegramClient } from './client.ts';
import { describe, isRevoked } from './errors.ts';
import { limited, showMenus, whoAmI } from './introduce.ts';
import { receiverOf } from './start.ts';
import { ALLOWED_UPDATES } from './update.ts';
import { telegramWebhook, WEBHOOK_PATH } from './webhook.ts';

export interface WebhookTimes {
  /** Between two looks at where Telegram calls. */
  readonly lookMs: number;
  readonly between: Backoff;
}

export interface WebhookAdapterParts {
  readonly token: string;
  readonly apiRoot?: string;
  /** Where Telegram reaches us from outside. */
  readonly publicUrl: string;
  readonly secret: string;
  readonly observe: Observe;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onIntroduced?: (username: string) => void;
  readonly onlyOne: OnlyOne;
  readonly times?: Partial<WebhookTimes>;
}

const TIMES: WebhookTimes = { lookMs: 60_000, between: RETRIES.polling };

/**
 * Telegram by its calls. Every process of the installation takes them; one of them at a time tells Telegram where, and looks
 * whether that still holds. Setting the webhook is the switch: from then on nobody is answered who polls.
 */
export const webhookAdapter = (
  parts: WebhookAdapterParts,
): { readonly adapter: IChannelAdapter; readonly webhook: Webhook } => {
  const pulse = createPulse({ ...parts, channel: CHANNEL });
  const door = createDoor((failed) => {
    if (failed) pulse.turns('degraded', NOT_STORED);
    else if (pulse.health().reason === NOT_STORED) pulse.turns('ok');
  });
  let self: BotSelf | undefined;
  let ours = false;
  const running: Running[] = [];
  const start = (sink: InboundSink): Promise<void> => {
    door.opens(sink);
    const calls = callsOf(parts, pulse);
    running.push(calls.meet((known) => (self = known)));
    const name = receiverOf(parts.token);
    const keep = (resign: () => void): Running => {
      ours = true;
      return calls.keep(() => {
        ours = false;
        resign();
      });
    };
    const onWait = (holder: string | undefined): void => {
      ours = false;
      if (holder === undefined)
        pulse.turns('degraded', 'the database does not confirm that this process may');
      else pulse.turns('standby', `another process receives (${holder})`);
    };
    running.push(parts.onlyOne({ name, start: keep, onWait }));
    return Promise.resolve();
  };
  const adapter: IChannelAdapter = {
    channel: CHANNEL,
    start,
    // The webhook stays: what is not taken now waits at Telegram for the next start.
    drain: async (deadlineMs) => {
      await within(deadlineMs, Promise.all([door.closes(), ...running.map((part) => part.stop())]));
    },
    health: pulse.health,
    isOurs: () => ours,
  };
  const webhook = telegramWebhook({ ...parts, sink: door.sink, self: () => self, onHeard: pulse.heard });
  return { adapter, webhook };
};

const NOT_STORED = 'what comes in cannot be stored';

const callsOf = (parts: WebhookAdapterParts, pulse: Pulse) => {
  const { token, apiRoot, observe, onIntroduced } = parts;
  const times = { ...TIMES, ...parts.times };
  const api = telegramClient({
    token,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    timeoutSeconds: RETRIES.polling.tryMsMax / 1000,
  });
  const untilDone = (step: Step, onRefused: () => void): Running =>
    persevere({ step, onRefused, observe, pulse, between: times.between });
  return {
    /** Ends as soon as Telegram has said who we are. */
    meet: (onKnown: (self: BotSelf) => void): Running =>
      untilDone(
        async (signal) => {
          const self = await whoAmI(api, signal);
          onKnown(self);
          onIntroduced?.(self.username);
          observe({ kind: 'started', what: `telegram @${self.username}` });
          return 'done';
        },
        () => undefined,
      ),
    /** Never ends by itself, unless the token is refused. */
    keep: (onRefused: () => void): Running => {
      let set = false;
      return untilDone(async (signal) => {
        // Nobody can see with which secret Telegram calls, so the first time it is told in any case.
        const moved = set ? await lookAt(api, parts, pulse, signal) : undefined;
        if (!set || moved !== undefined) await setWebhook(api, parts, signal);
        if (!set) {
          pulse.turns('ok');
          await showMenus(api, observe, signal);
        }
        if (moved !== undefined) {
          const words = `the webhook pointed to ${moved}, and was set back`;
          observe({ kind: 'loop_faulted', loop: 'telegram webhook', error: new Error(words) });
          pulse.turns('degraded', words);
        }
        set = true;
        return times.lookMs;
      }, onRefused);
    },
  };
};

const setWebhook = (
  api: Api,
  { publicUrl, secret }: WebhookAdapterParts,
  stopping: AbortSignal,
): Promise<true> =>
  api.setWebhook(
    `${publicUrl}${WEBHOOK_PATH}`,
    {
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      // What waits at Telegram was written by people; it is never dropped.
      drop_pending_updates: false,
      // With more of them the answer could be stored before the question that it answers.
      max_connections: 1,
    },
    limited(stopping),
  );

/** Where Telegram calls, if not here; and whether it gets through. */
const lookAt = async (
  api: Api,
  { publicUrl, now }: WebhookAdapterParts,
  pulse: Pulse,
  stopping: AbortSignal,
): Promise<string | undefined> => {
  const info = await api.getWebhookInfo(limited(stopping));
  const { url = '' } = info;
  if (url !== `${publicUrl}${WEBHOOK_PATH}`) return url === '' ? 'nowhere' : hostOf(url);
  const trouble = troubleOf(info, now());
  if (trouble === undefined) pulse.turns('ok');
  else pulse.turns('degraded', trouble);
  return undefined;
};

/** An error of long ago, after which everything was taken, is no trouble any more. */
const RECENT_MS = 5 * 60_000;

const troubleOf = (info: WebhookInfo, at: number): string | undefined => {
  const { pending_update_count: waiting, last_error_date: failed, last_error_message: why } = info;
  if (waiting === 0 || failed === undefined || at - failed * 1000 > RECENT_MS) return undefined;
  return `Telegram cannot reach PUBLIC_URL, ${waiting} updates wait (${why ?? 'no reason'})`;
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an unreadable address');

/** How long until the next time, or that there is none. */
type Step = (signal: AbortSignal) => Promise<number | 'done'>;

interface Perseverance {
  readonly step: Step;
  readonly onRefused: () => void;
  readonly observe: Observe;
  readonly pulse: Pulse;
  readonly between: Backoff;
}

/** Does it until it is done, it is stopped, or the token is refused, which only a new token changes. */
const persevere = ({ step, onRefused, observe, pulse, between }: Perseverance): Running => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    for (let inARow = 1; !signal.aborted; inARow += 1) {
      try {
        const next = await step(signal);
        if (next === 'done') return;
        inARow = 0;
        await rest(next, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isRevoked(error)) {
          pulse.turns('down', 'the bot token was refused');
          return onRefused();
        }
        observe({ kind: 'loop_faulted', loop: 'telegram webhook', error: new Error(describe(error)) });
        pulse.turns('degraded', describe(error));
        await rest(pauseMs(between, inARow), signal);
      }
    }
  };
  const done = loop();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
};
