import type { Address } from '../core/ports/channel.ts';

/** Channels of which nothing goes out for a while. */
export interface Pauses {
  readonly pause: (channel: string, until: number) => void;
  /** Several conversations told to wait at about the same time mean that the whole bot is. */
  readonly laneWasPaused: (channel: string, address: Address, until: number, at: number) => void;
  /** When the channel may send again: `at` itself when it is not paused. */
  readonly until: (channel: string, at: number) => number;
}

const LANES = 3;
const TOGETHER_MS = 5000;

interface Paused {
  readonly address: Address;
  readonly at: number;
  readonly until: number;
}

export const createPauses = (): Pauses => {
  const ends = new Map<string, number>();
  const recent = new Map<string, readonly Paused[]>();
  const pause: Pauses['pause'] = (channel, until) => {
    ends.set(channel, Math.max(until, ends.get(channel) ?? 0));
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
    until: (channel, at) => Math.max(at, ends.get(channel) ?? at),
  };
};
