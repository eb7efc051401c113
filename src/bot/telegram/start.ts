import type { IChannelAdapter, InboundSink } from '../../core/ports/channel.ts';
import type { OnlyOne } from '../../core/ports/leases.ts';
import type { Observe } from '../../core/ports/observe.ts';
import type { Running } from '../../core/ports/running.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { startLoop } from '../../loops/loop.ts';
import { within } from '../../loops/rest.ts';
import { CHANNEL } from './address.ts';
import { createPulse, HEARD_MS, type Pulse } from './health.ts';
import { supervise, type TelegramTimes } from './supervise.ts';

export interface TelegramAdapterParts {
  readonly token: string;
  readonly apiRoot?: string;
  readonly observe: Observe;
  /** Milliseconds since 1970, for health only. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** No poll has ended for too long: whatever hangs, only a new process is sure to cure it. */
  readonly onDeaf: (silentMs: number) => void;
  /** The bot's user name, as soon as Telegram has told it. */
  readonly onIntroduced?: (username: string) => void;
  /** Telegram suffers one poller per bot. */
  readonly onlyOne: OnlyOne;
  readonly times?: Partial<TelegramTimes>;
}

const TIMES: TelegramTimes = {
  pollSeconds: 30,
  clientSeconds: RETRIES.poll.tryMsMax / 1000,
  retryMs: RETRIES.poll.pauseMsMin,
  deafMs: HEARD_MS,
  conflictAlarmMs: 60_000,
  between: RETRIES.polling,
};

const WATCH_MS = 1000;

/** Telegram by long polling. Its queue is the buffer: what could not be committed is not confirmed, and comes again. */
export const telegramAdapter = (parts: TelegramAdapterParts): IChannelAdapter => {
  const times = { ...TIMES, ...parts.times };
  const pulse = createPulse(parts);
  let ours = false;
  let running: Running | undefined;
  const poll = (sink: InboundSink, resign: () => void): Running => {
    ours = true;
    pulse.begins();
    const onRefused = (): void => {
      ours = false;
      resign();
    };
    const supervisor = supervise({ ...parts, times, pulse, sink, onRefused });
    const watchdog = watch(parts, times, pulse);
    return {
      stop: async () => {
        await Promise.all([watchdog.stop(), supervisor.stop()]);
      },
    };
  };
  const onWait = (holder: string | undefined): void => {
    ours = false;
    if (holder === undefined)
      pulse.turns('degraded', 'the database does not confirm that this process may poll');
    else pulse.turns('standby', `another process polls (${holder})`);
  };
  return {
    channel: CHANNEL,
    start: (sink) => {
      const start = (resign: () => void): Running => poll(sink, resign);
      running = parts.onlyOne({ name: receiverOf(parts.token), start, onWait });
      return Promise.resolve();
    },
    drain: async (deadlineMs) => {
      if (running !== undefined) await within(deadlineMs, running.stop());
    },
    health: pulse.health,
    isOurs: () => ours,
  };
};

/**
 * What one process at a time does, whether it polls or keeps the webhook: of two that went about it in different ways, each
 * would take the messages away from the other. A token is the bot's id, a colon and the secret.
 */
export const receiverOf = (token: string): string => `poller:${CHANNEL}:${token.split(':', 1)[0] ?? ''}`;

const watch = ({ onDeaf, observe }: TelegramAdapterParts, times: TelegramTimes, pulse: Pulse): Running =>
  startLoop({
    name: 'telegram watchdog',
    idleMs: Math.min(WATCH_MS, Math.ceil(times.deafMs / 10)),
    observe,
    tick: () => {
      const silentMs = pulse.silentMs();
      if (pulse.state() !== 'down' && silentMs > times.deafMs) {
        pulse.turns('down', 'no poll has ended for too long');
        onDeaf(silentMs);
      }
      return Promise.resolve('idle');
    },
  });
