import type { ChannelHealth } from '../core/ports/channel.ts';
import type { Observe } from '../core/ports/observe.ts';

/** What is known about the connection of a channel; changes of state are observed, repetitions are not. */
export interface Pulse {
  readonly heard: () => void;
  readonly turns: (state: ChannelHealth['state'], reason?: string) => void;
  readonly health: () => ChannelHealth;
}

export const createPulse = ({
  channel,
  now,
  observe,
}: {
  readonly channel: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe: Observe;
}): Pulse => {
  let health: ChannelHealth = { channel, state: 'degraded', reason: 'starting' };
  return {
    heard: () => {
      health = { ...health, lastHeardMs: now() };
    },
    turns: (state, reason) => {
      if (health.state === state && health.reason === reason) return;
      const { lastHeardMs } = health;
      const why = reason === undefined ? {} : { reason };
      health = { channel, state, ...(lastHeardMs === undefined ? {} : { lastHeardMs }), ...why };
      observe({ kind: 'channel_state', channel, state, ...why });
    },
    health: () => health,
  };
};
