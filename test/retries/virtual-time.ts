import { expect, onTestFinished, vi } from 'vitest';
import type { Delivered, IMessageSender } from '../../src/core/ports/channel.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { pauseMs } from '../../src/core/time/backoff.ts';
import type { Retry } from '../../src/core/time/retries.ts';

export const HOUR_MS = 3_600_000;

/** Stands for the timer of promises, on whatever clock `setTimeout` runs. For `vi.mock`. */
export const promisedTimer = {
  setTimeout: <T>(ms: number, value?: T, { signal }: { readonly signal?: AbortSignal } = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        // The platform's own types are as free: without a value it is undefined.
        resolve(value as T);
      }, ms);
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** From here to the end of the test an hour passes in a moment; what the database and the network do takes real time. */
export const virtualTime = () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return {
    now: () => Date.now(),
    passes: async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms)),
    /** Something that ends by itself, or by time. */
    over: async <T>(work: Promise<T>, stepMs = 100): Promise<T> => {
      const ended = new AbortController();
      const end = (): void => ended.abort();
      work.then(end, end);
      while (!ended.signal.aborted) await vi.advanceTimersByTimeAsync(stepMs);
      return work;
    },
  };
};

/** When something was tried, by virtual time. */
export const tally = () => {
  const times: number[] = [];
  return {
    count: (): void => void times.push(performance.now()),
    times,
    /** The most that came within any stretch of so many milliseconds. */
    most: (ms: number): number =>
      Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length)),
  };
};

/** A tally for each loop that said that it failed. */
export const faultsByLoop = () => {
  const loops = new Map<string, ReturnType<typeof tally>>();
  return {
    loops,
    observe: (observation: Observation): void => {
      if (observation.kind !== 'loop_faulted') return;
      const known = loops.get(observation.loop) ?? tally();
      loops.set(observation.loop, known);
      known.count();
    },
  };
};

/** The most tries that a row allows within so many milliseconds, were chance to take off all that it may. */
const allowed = (row: Retry, ms: number): number => {
  const end = Math.min(ms, row.budgetMs ?? Number.POSITIVE_INFINITY);
  const most = row.triesMax ?? Number.POSITIVE_INFINITY;
  let tries = 1;
  // A pause that began in time is followed by one more try.
  for (let at = 0; tries < most && at < end; tries += 1) at += pauseMs(row, tries, 0);
  return tries;
};

const PER_SECOND_MAX = 5;

/** It was tried, and neither more often than its row allows nor in a tight loop. */
export const expectKept = (row: Retry, tried: ReturnType<typeof tally>, withinMs = HOUR_MS): void => {
  expect(tried.times.length).toBeGreaterThan(0);
  expect(tried.times.length).toBeLessThanOrEqual(allowed(row, withinMs));
  if (row.triesMax === undefined) expect(tried.most(1000)).toBeLessThanOrEqual(PER_SECOND_MAX);
};

/** A chat whose every answer is the test's. */
export const senderThat = (deliver: () => Promise<Delivered> | Delivered): IMessageSender => ({
  channel: 'telegram',
  caps: { cards: true, textMax: 4096 },
  deliver: async () => deliver(),
  answerPress: () => Promise.resolve(),
});
