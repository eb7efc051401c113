import type { ChannelHealth } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { CHANNEL } from './address.ts';

/** What is known about the connection; changes of state are observed, repetitions are not. */
export interface Pulse {
  readonly heard: () => void;
  readonly turns: (state: ChannelHealth['state'], reason?: string) => void;
  readonly health: () => ChannelHealth;
}

export const createPulse = ({
  now,
  observe,
}: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe: Observe;
}): Pulse => {
  let health: ChannelHealth = { channel: CHANNEL, state: 'degraded', reason: 'starting' };
  return {
    heard: () => {
      health = { ...health, lastHeardMs: now() };
    },
    turns: (state, reason) => {
      if (health.state === state && health.reason === reason) return;
      const { lastHeardMs } = health;
      const why = reason === undefined ? {} : { reason };
      health = { channel: CHANNEL, state, ...(lastHeardMs === undefined ? {} : { lastHeardMs }), ...why };
      observe({ kind: 'channel_state', channel: CHANNEL, state, ...why });
    },
    health: () => health,
  };
};
