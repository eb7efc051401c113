import type { ChannelHealth } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { CHANNEL } from './address.ts';

/** What is known about the connection; changes of state are observed, repetitions are not. */
export interface Pulse {
  /** A poll was answered, with updates or without. */
  readonly heard: () => void;
  /** A poll ended somehow: even a refusal shows that nothing hangs. */
  readonly ended: () => void;
  /** This process polls from now on. */
  readonly begins: () => void;
  readonly turns: (state: ChannelHealth['state'], reason?: string) => void;
  /** How long nothing has ended. */
  readonly silentMs: () => number;
  readonly health: () => ChannelHealth;
}

export const createPulse = (now: () => number, observe: Observe): Pulse => {
  let health: ChannelHealth = { channel: CHANNEL, state: 'degraded', reason: STARTING };
  let endedAt = now();
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
    endedAt = now();
  };
  return {
    heard: () => {
      ended();
      health = { ...health, lastHeardMs: endedAt };
    },
    ended,
    begins: () => {
      ended();
      turns('degraded', STARTING);
    },
    turns,
    silentMs: () => now() - endedAt,
    health: () => health,
  };
};

const STARTING = 'starting';
