import type { Address, Pace, Rate } from '../core/ports/channel.ts';

/** When a message may go, and that it went. Kept in memory: whoever exceeds a limit after a restart is told so. */
export interface Pacer {
  /** The earliest moment, `at` or later. */
  earliest(address: Address, at: number): number;
  book(address: Address, at: number): void;
}

export const pacerOf = (pace: Pace | undefined): Pacer => {
  if (pace === undefined) return { earliest: (_, at) => at, book: () => undefined };
  const overall = slidingWindow(pace.overall);
  const conversations = windowsOf(pace.perConversation);
  const groups = windowsOf(pace.perGroup);
  const limits = (address: Address): readonly Window[] => {
    const conversation = conversationOf(address);
    const own = conversations(conversation);
    return pace.isGroup(conversation) ? [overall, own, groups(conversation)] : [overall, own];
  };
  return {
    earliest: (address, at) => Math.max(at, ...limits(address).map((limit) => limit.free())),
    book: (address, at) => {
      for (const limit of limits(address)) limit.take(at);
    },
  };
};

/** The threads of one conversation share its limits. */
const conversationOf = (address: Address): string => address.split('/')[0] ?? address;

export interface Window {
  /** From when on one more fits. */
  free(): number;
  take(at: number): void;
}

const slidingWindow = ([count, ms]: Rate): Window => {
  let taken: readonly number[] = [];
  return {
    free: () => (taken.length < count ? 0 : (taken[0] ?? 0) + ms),
    take: (at) => {
      taken = [...taken, at].slice(-count);
    },
  };
};

/** So many keys are remembered; the one that was used least recently is forgotten first. */
const REMEMBERED_MAX = 1000;

export const windowsOf = (rate: Rate): ((key: string) => Window) => {
  const known = new Map<string, Window>();
  return (key) => {
    const window = known.get(key) ?? slidingWindow(rate);
    known.delete(key);
    known.set(key, window);
    const oldest = known.keys().next().value;
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    return window;
  };
};
