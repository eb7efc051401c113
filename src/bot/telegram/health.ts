import type { ChannelHealth } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { CHANNEL } from './address.ts';

/** What is known about the connection; changes of state are observed, repetitions are not. */
export interface Pulse {
  /** A poll was answered, with updates or without. */
  readonly heard: () => void;
  /** A poll was answered somehow: even a refusal shows that nothing hangs. */
  readonly ended: () => void;
  /** This process polls from now on. */
  readonly begins: () => void;
  readonly turns: (state: ChannelHealth['state'], reason?: string) => void;
  /** How long nothing has ended. */
  readonly silentMs: () => number;
  readonly health: () => ChannelHealth;
}

export interface PulseParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds: a clock that is set must not look like silence. */
  readonly clock: () => number;
  readonly observe: Observe;
}

export const createPulse = ({ now, clock, observe }: PulseParts): Pulse => {
  let health: ChannelHealth = { channel: CHANNEL, state: 'degraded', reason: STARTING };
  let endedAt = clock();
  const turns: Pulse['turns'] = (state, reason) => {
    if (health.state === state && health.reason === reason) return;
    const { lastHeardMs } = health;
    health = {
      channel: CHANNEL,
      state,
      // Who stands by hears nothing, and how long ago it did says nothing.
      ...(lastHeardMs === undefined || state === 'standby' ? {} : { lastHeardMs }),
      ...(reason === undefined ? {} : { reason }),
    };
    observe({ kind: 'channel_state', channel: CHANNEL, state, ...(reason === undefined ? {} : { reason }) });
  };
  const ended = (): void => {
    endedAt = clock();
  };
  return {
    heard: () => {
      ended();
      health = { ...health, lastHeardMs: now() };
    },
    ended,
    begins: () => {
      ended();
      turns('degraded', STARTING);
    },
    turns,
    silentMs: () => clock() - endedAt,
    health: () => health,
  };
};

const STARTING = 'starting';
