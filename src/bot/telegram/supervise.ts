import type { Api, Transformer } from 'grammy';
import type { InboundSink } from '../../core/ports/channel.ts';
import type { Observe, PollFailure } from '../../core/ports/observe.ts';
import type { Running } from '../../core/ports/running.ts';
import { type Backoff, pauseMs } from '../../core/time/backoff.ts';
import { rest } from '../../loops/rest.ts';
import { CHANNEL } from './address.ts';
import type { BotSelf } from './addressed.ts';
import { telegramClient } from './client.ts';
import { describe, failureOfCode, isConflict, isRevoked, isUnanswered } from './errors.ts';
import type { Pulse } from './health.ts';
import { introduce } from './introduce.ts';
import { startSource } from './source.ts';

export interface TelegramTimes {
  readonly pollSeconds: number;
  /** A half-open connection must not last longer than this. */
  readonly clientSeconds: number;
  readonly retryMs: number;
  readonly deafMs: number;
  /** A new version may overlap with the old one for so long before it counts as a second poller. */
  readonly conflictAlarmMs: number;
  /** Between one end of polling and the next beginning. */
  readonly between: Backoff;
}

export interface Supervised {
  /** The bot's user name, once per start of the program. */
  readonly onIntroduced?: (username: string) => void;
  readonly token: string;
  readonly apiRoot?: string;
  readonly observe: Observe;
  readonly now: () => number;
  readonly times: TelegramTimes;
  readonly pulse: Pulse;
  readonly sink: InboundSink;
  /** Only a new token helps, and another process may have it. */
  readonly onRefused: () => void;
}

/** Polls until stopped, or until the token is refused. After every other end everything is built anew. */
export const supervise = (given: Supervised): Running => {
  const { token, apiRoot, times, pulse } = given;
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const api = telegramClient({
    token,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    timeoutSeconds: times.clientSeconds,
  });
  api.config.use(listening(given, signal));
  let self: BotSelf | undefined;
  const session = async (): Promise<void> => {
    if (self === undefined) {
      self = await introduce(api, given.observe, signal);
      pulse.turns('ok');
      given.onIntroduced?.(self.username);
    }
    await pollOnce({ api, self, given, stopped });
  };
  const loop = async (): Promise<void> => {
    const nextStep = troubles(given);
    while (!signal.aborted) {
      const error = await failureOf(session);
      pulse.ended();
      if (signal.aborted) return;
      const waitMs = nextStep(error);
      if (waitMs === undefined) return given.onRefused();
      // Somebody set a webhook meanwhile: begin at the beginning, which removes it.
      if (isConflict(error) && error.description.includes('webhook')) self = undefined;
      await rest(waitMs, signal);
      pulse.ended();
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

interface Poll {
  readonly api: Api;
  readonly self: BotSelf;
  readonly given: Supervised;
  readonly stopped: Promise<void>;
}

const pollOnce = async ({ api, self, given, stopped }: Poll): Promise<void> => {
  const { sink, times, pulse } = given;
  const source = startSource({ api, self, sink, ...times, onCommitted: () => pulse.turns('ok') });
  try {
    await Promise.race([source.ended, stopped]);
  } finally {
    await source.stop();
  }
};

const failureOf = async (session: () => Promise<void>): Promise<unknown> => {
  try {
    await session();
    return new Error('polling ended by itself');
  } catch (error) {
    return error;
  }
};

/** How long to wait after a failure; undefined when only a new token helps. */
const troubles = ({ times, pulse, now, observe }: Supervised) => {
  let inARow = 0;
  let conflictSince: number | undefined;
  return (error: unknown): number | undefined => {
    if (pulse.state() === 'ok') {
      inARow = 0;
      conflictSince = undefined;
    }
    if (isRevoked(error)) {
      pulse.turns('down', 'the bot token was refused');
      return undefined;
    }
    if (isConflict(error)) {
      conflictSince ??= now();
      const state = now() - conflictSince >= times.conflictAlarmMs ? 'down' : 'degraded';
      pulse.turns(state, `conflict: another poller uses this bot token (${describe(error)})`);
    } else {
      observe({ kind: 'loop_faulted', loop: 'telegram source', error: new Error(describe(error)) });
      pulse.turns('degraded', describe(error));
    }
    inARow += 1;
    return pauseMs(times.between, inARow);
  };
};

/**
 * Watches the polls go by. Their end is what counts: a poll that only begins proves nothing, and neither does one that
 * only our own patience ended.
 */
const listening = ({ pulse, observe }: Supervised, stopping: AbortSignal): Transformer => {
  const failed = (reason: PollFailure): void => observe({ kind: 'poll_failed', channel: CHANNEL, reason });
  return async (previous, method, payload, signal) => {
    if (method !== 'getUpdates') return previous(method, payload, signal);
    // The first one waits for nothing, so that it is known at once whether polls end.
    const asked = pulse.health().lastHeardMs === undefined ? { ...payload, timeout: 0 } : payload;
    try {
      const answer = await previous(method, asked, signal);
      if (answer.ok) pulse.heard();
      else {
        pulse.ended();
        failed(failureOfCode(answer.error_code));
      }
      if (answer.ok && Array.isArray(answer.result) && answer.result.length === 0) pulse.turns('ok');
      if (!answer.ok && answer.error_code >= 500) pulse.turns('degraded', describe(answer.description));
      return answer;
    } catch (error) {
      if (!stopping.aborted) {
        failed(isUnanswered(error) ? 'timeout' : 'network');
        if (!isUnanswered(error)) pulse.ended();
        pulse.turns('degraded', describe(error));
      }
      throw error;
    }
  };
};
