import type { Address } from '../core/ports/channel.ts';
import type { BreakerState, Observe } from '../core/ports/observe.ts';

/** Channels of which nothing goes out for a while. */
export interface Pauses {
  readonly pause: (channel: string, until: number) => void;
  /** Several conversations told to wait at about the same time mean that the whole bot is. */
  readonly laneWasPaused: (channel: string, address: Address, until: number, at: number) => void;
  /** When the channel may send again: `at` itself when it is not paused. */
  readonly until: (channel: string, at: number) => number;
  /** Something arrived there: whatever the pause was for is over. */
  readonly reached: (channel: string) => void;
}

const LANES = 3;
const TOGETHER_MS = 5000;

interface Paused {
  readonly address: Address;
  readonly at: number;
  readonly until: number;
}

export const createPauses = (observe: Observe): Pauses => {
  const ends = new Map<string, number>();
  const recent = new Map<string, readonly Paused[]>();
  const turn = breakers(observe);
  const pause: Pauses['pause'] = (channel, until) => {
    ends.set(channel, Math.max(until, ends.get(channel) ?? 0));
    turn(channel, 'open');
  };
  return {
    pause,
    laneWasPaused: (channel, address, until, at) => {
      const others = (recent.get(channel) ?? []).filter(
        (paused) => paused.address !== address && at - paused.at < TOGETHER_MS,
      );
      const together = [...others, { address, at, until }];
      recent.set(channel, together.slice(-LANES));
      // Every lane keeps its own, longer pause; the channel waits as long as all of them have to.
      if (together.length >= LANES) pause(channel, Math.min(...together.map((paused) => paused.until)));
    },
    until: (channel, at) => {
      const end = ends.get(channel);
      if (end !== undefined && at >= end) {
        ends.delete(channel);
        turn(channel, 'half_open');
      }
      return Math.max(at, end ?? at);
    },
    // What was on its way when the pause began proves nothing about afterwards.
    reached: (channel) => {
      if (!ends.has(channel)) turn(channel, 'closed');
    },
  };
};

/** A channel that is paused is a breaker: open while it waits, half open until the next message has arrived. */
const breakers = (observe: Observe) => {
  const states = new Map<string, BreakerState>();
  return (dependency: string, state: BreakerState): void => {
    if ((states.get(dependency) ?? 'closed') === state) return;
    states.set(dependency, state);
    observe({ kind: 'breaker_turned', dependency, state });
  };
};
