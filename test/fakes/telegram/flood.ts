import { tooManyRequests } from './api-error.ts';
import type { Chat } from './wire.ts';

export interface FloodLimit {
  readonly callsMax: number;
  readonly windowMs: number;
}

export interface FloodLimits {
  readonly perChat?: FloodLimit;
  /** Groups and supergroups only, next to the limit per chat. */
  readonly perGroup?: FloodLimit;
  readonly global?: FloodLimit;
  /** The pause told to the caller; without it, the time until the window has room again. */
  readonly retryAfterSeconds?: number;
}

export interface Flood {
  /** Throws 429 while a pause lasts, or begins one when a limit is passed. */
  readonly spend: (chat: Chat) => void;
  /** false switches the limits off; pauses that were begun by hand still last. */
  readonly set: (limits: FloodLimits | boolean) => void;
  readonly pause: (target: number | 'global', seconds: number) => void;
}

/** Conservative guesses: the real numbers are not published, only `retry_after` is. */
export const usualFloodLimits: FloodLimits = {
  perChat: { callsMax: 3, windowMs: 3000 },
  perGroup: { callsMax: 20, windowMs: 60_000 },
  global: { callsMax: 30, windowMs: 1000 },
};

export const createFlood = (initial: FloodLimits | boolean, now: () => number): Flood => {
  let limits = asLimits(initial);
  const spent = new Map<string, number[]>();
  const pausedUntil = new Map<string, number>();

  const checkPause = (key: string): void => {
    const until = pausedUntil.get(key);
    if (until === undefined) return;
    const leftMs = until - now();
    if (leftMs > 0) throw tooManyRequests(Math.ceil(leftMs / 1000));
    pausedUntil.delete(key);
  };
  const countIn = (key: string, limit: FloodLimit): void => {
    const at = now();
    const recent = (spent.get(key) ?? []).filter((time) => time > at - limit.windowMs);
    spent.set(key, recent);
    const oldest = recent[0];
    if (recent.length < limit.callsMax || oldest === undefined) {
      recent.push(at);
      return;
    }
    const untilRoomMs = Math.max(1, oldest + limit.windowMs - at);
    const seconds = limits?.retryAfterSeconds ?? Math.ceil(untilRoomMs / 1000);
    pausedUntil.set(key, at + seconds * 1000);
    throw tooManyRequests(seconds);
  };

  return {
    spend: (chat) => {
      if (pausedUntil.size > 0) ['global', `chat:${chat.id}`, `group:${chat.id}`].forEach(checkPause);
      if (limits === undefined) return;
      if (limits.perChat !== undefined) countIn(`chat:${chat.id}`, limits.perChat);
      if (limits.perGroup !== undefined && chat.type !== 'private')
        countIn(`group:${chat.id}`, limits.perGroup);
      if (limits.global !== undefined) countIn('global', limits.global);
    },
    set: (next) => {
      limits = asLimits(next);
      spent.clear();
    },
    pause: (target, seconds) => {
      pausedUntil.set(target === 'global' ? 'global' : `chat:${target}`, now() + seconds * 1000);
    },
  };
};

const asLimits = (limits: FloodLimits | boolean): FloodLimits | undefined => {
  if (typeof limits !== 'boolean') return limits;
  return limits ? usualFloodLimits : undefined;
};
