import type {
  ChannelHealth,
  IChannelAdapter,
  IMessageSender,
  InboundSink,
  Webhook,
} from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { within } from '../../loops/rest.ts';
import { CHANNEL } from './address.ts';
import type { TwilioAccount } from './client.ts';
import { smsSender } from './send.ts';
import { smsWebhooks } from './webhooks.ts';

export interface SmsParts extends TwilioAccount {
  readonly from: string;
  readonly publicUrl: string;
  readonly observe: Observe;
  /** Milliseconds since 1970, for health only. */
  readonly now: () => number;
  readonly timeoutMs?: number;
}

export interface SmsChannel {
  readonly sender: IMessageSender;
  readonly adapter: IChannelAdapter;
  readonly webhooks: readonly Webhook[];
}

/** Text messages by Twilio: it calls us, in any process that serves HTTP, and any process calls it. */
export const smsChannel = (parts: SmsParts): SmsChannel => {
  let health: ChannelHealth = { channel: CHANNEL, state: 'degraded', reason: 'starting' };
  const turns = (state: ChannelHealth['state'], reason?: string): void => {
    if (health.state === state && health.reason === reason) return;
    const { lastHeardMs } = health;
    const why = reason === undefined ? {} : { reason };
    health = { channel: CHANNEL, state, ...(lastHeardMs === undefined ? {} : { lastHeardMs }), ...why };
    parts.observe({ kind: 'channel_state', channel: CHANNEL, state, ...why });
  };
  const onRefused = (refused: boolean): void => {
    if (refused) turns('down', 'Twilio refused the account');
    else if (health.state === 'down') turns('ok');
  };
  const door = openDoor((failed) => {
    if (failed) turns('degraded', 'what comes in cannot be stored');
    else if (health.state === 'degraded') turns('ok');
  });
  return {
    sender: smsSender({ ...parts, onRefused }),
    adapter: {
      channel: CHANNEL,
      start: (sink) => {
        door.opens(sink);
        turns('ok');
        return Promise.resolve();
      },
      drain: async (deadlineMs) => void (await within(deadlineMs, door.closes())),
      health: () => health,
    },
    webhooks: smsWebhooks({
      lock: parts,
      observe: parts.observe,
      sink: door.sink,
      onHeard: () => {
        health = { ...health, lastHeardMs: parts.now() };
      },
    }),
  };
};

/** Closed before the start and after the end; whatever went through is waited for. */
const openDoor = (onStored: (failed: boolean) => void) => {
  let open: InboundSink | undefined;
  const through = new Set<Promise<void>>();
  const watched = async (stored: Promise<void>): Promise<void> => {
    try {
      await stored;
      onStored(false);
    } catch (error) {
      onStored(true);
      throw error;
    }
  };
  const pass =
    (sink: InboundSink): InboundSink =>
    (batch) => {
      const stored = watched(sink(batch)).finally(() => through.delete(stored));
      through.add(stored);
      return stored;
    };
  return {
    opens: (sink: InboundSink): void => {
      open = pass(sink);
    },
    closes: async (): Promise<void> => {
      open = undefined;
      await Promise.allSettled(through);
    },
    sink: (): InboundSink | undefined => open,
  };
};
