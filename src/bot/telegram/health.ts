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
  /** As it was told last, whatever has been heard since. */
  readonly state: () => ChannelHealth['state'];
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
    state: () => health.state,
    health: () => (isHeard(health, now()) ? health : { ...health, state: 'degraded', reason: UNHEARD }),
  };
};

/** That the API answers proves nothing: only a poll that ended does, and only for a while. */
const isHeard = ({ state, lastHeardMs }: ChannelHealth, at: number): boolean =>
  state !== 'ok' || (lastHeardMs !== undefined && at - lastHeardMs < HEARD_MS);

export const HEARD_MS = 90_000;
const UNHEARD = 'no poll has ended lately';

const STARTING = 'starting';
