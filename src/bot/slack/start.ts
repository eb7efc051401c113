import type { IChannelAdapter, InboundSink } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import type { Running } from '../../core/ports/running.ts';
import { type Backoff, pauseMs } from '../../core/time/backoff.ts';
import { RETRIES } from '../../core/time/retries.ts';
import { rest, within } from '../../loops/rest.ts';
import type { Pulse } from '../pulse.ts';
import { CHANNEL } from './address.ts';
import { describe, isRevoked } from './errors.ts';
import { introduce, type SlackSelf } from './introduce.ts';
import { openSocket, type Socket } from './socket.ts';

export interface SlackTimes {
  readonly silenceMs: number;
  /** Between one end of a connection and the next beginning. */
  readonly between: Backoff;
}

export interface SlackAdapterParts {
  /** Absent where every workspace installs the app for itself: then nobody has to be asked who we are. */
  readonly botToken?: string;
  /** With it Slack is reached over a socket; without it Slack calls us. */
  readonly appToken?: string;
  readonly apiRoot: string;
  readonly observe: Observe;
  readonly pulse: Pulse;
  readonly onIntroduced?: (self: SlackSelf) => void;
  /** The door for what Slack sends by itself, over HTTP. */
  readonly door: { readonly opens: (sink: InboundSink) => void; readonly closes: () => Promise<void> };
  readonly times?: Partial<SlackTimes>;
}

const TIMES: SlackTimes = { silenceMs: 30_000, between: RETRIES.slackSession };

/**
 * Slack by Socket Mode, or by its calls. Every process may listen: Slack gives each event to one of them, and all of them
 * store into the same inbox.
 */
export const slackAdapter = (parts: SlackAdapterParts): IChannelAdapter => {
  const times = { ...TIMES, ...parts.times };
  let running: Running | undefined;
  return {
    channel: CHANNEL,
    start: (sink) => {
      parts.door.opens(sink);
      running = supervise({ ...parts, times, sink });
      return Promise.resolve();
    },
    drain: async (deadlineMs) => {
      const ended = Promise.all([parts.door.closes(), running?.stop()]);
      await within(deadlineMs, ended);
    },
    health: parts.pulse.health,
  };
};

interface Supervised extends SlackAdapterParts {
  readonly times: SlackTimes;
  readonly sink: InboundSink;
}

/** Connects until stopped, or until the token is refused. After every other end everything is built anew. */
const supervise = (given: Supervised): Running => {
  const { pulse, times, observe } = given;
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    const { botToken } = given;
    if (botToken === undefined) return pulse.turns('ok');
    let self: SlackSelf | undefined;
    for (let inARow = 1; !signal.aborted; inARow += 1) {
      try {
        self ??= await introduced({ ...given, botToken }, signal);
        await session(given, self, signal);
        // Slack ends connections every few hours, and says so; that is no trouble, unless it does nothing else.
        await rest(times.between.pauseMsMin, signal);
        inARow = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (isRevoked(error)) return pulse.turns('down', `the token was refused (${describe(error)})`);
        observe({ kind: 'poll_failed', channel: CHANNEL, reason: 'network' });
        observe({ kind: 'loop_faulted', loop: 'slack source', error: new Error(describe(error)) });
        pulse.turns('degraded', describe(error));
        await rest(pauseMs(times.between, inARow), signal);
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

const introduced = async (
  given: Supervised & { readonly botToken: string },
  signal: AbortSignal,
): Promise<SlackSelf> => {
  const self = await introduce({ token: given.botToken, apiRoot: given.apiRoot }, given.observe, signal);
  given.onIntroduced?.(self);
  given.pulse.turns('ok');
  return self;
};

/** Ends with the connection. Without one there is nothing more to do than to be there. */
const session = async (given: Supervised, self: SlackSelf, signal: AbortSignal): Promise<void> => {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  if (given.appToken === undefined) return stopped;
  const socket: Socket = await openSocket({
    appToken: given.appToken,
    apiRoot: given.apiRoot,
    botUser: self.user,
    sink: given.sink,
    pulse: given.pulse,
    silenceMs: given.times.silenceMs,
  });
  try {
    await Promise.race([socket.ended, stopped]);
  } finally {
    await socket.stop();
  }
};
