import { ApiError } from './api-error.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Update } from './wire.ts';

export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  /** Aborted when the client hangs up: the poll is forgotten, its updates stay where they are. */
  readonly signal: AbortSignal;
}

export interface LongPoll {
  readonly poll: (request: PollRequest) => Promise<readonly Update[]>;
  /** Rejects like a second poller does; repeated conflicts within three seconds are answered late. */
  readonly conflict: (reason: string) => Promise<never>;
  readonly terminate: (reason: string) => void;
  readonly isWaiting: () => boolean;
  readonly close: () => void;
}

interface Waiting {
  readonly request: PollRequest;
  readonly answer: (updates: readonly Update[]) => void;
  readonly fail: (error: ApiError) => void;
  readonly timer: NodeJS.Timeout;
}

const otherPoller = 'terminated by other getUpdates request; make sure that only one bot instance is running';

/**
 * Holds at most one poll. It runs on the machine's own clock, not on the injected one: a poll waits for real.
 */
export const createLongPoll = (queue: UpdateQueue, quirks: boolean): LongPoll => {
  let waiting: Waiting | undefined;
  let wakeUp: NodeJS.Timeout | undefined;
  let nextPromptConflictAt = 0;
  let before = { offset: Number.NaN, at: 0 };
  const sleeping = new Set<NodeJS.Timeout>();

  const release = (): Waiting | undefined => {
    const released = waiting;
    waiting = undefined;
    clearTimeout(released?.timer);
    clearTimeout(wakeUp);
    wakeUp = undefined;
    return released;
  };
  const answerHeld = (): void => {
    const held = release();
    held?.answer(queue.take(held.request.offset, held.request.limit));
  };
  const afterConflictDelay = (action: () => void): void => {
    const now = performance.now();
    if (!quirks || now >= nextPromptConflictAt) {
      nextPromptConflictAt = now + 3000;
      action();
      return;
    }
    const timer = setTimeout(() => {
      sleeping.delete(timer);
      action();
    }, 3000);
    sleeping.add(timer);
  };
  const terminate = (reason: string): void => {
    const held = release();
    if (held !== undefined) afterConflictDelay(() => held.fail(new ApiError(409, `Conflict: ${reason}`)));
  };
  const hold = (request: PollRequest): Promise<readonly Update[]> =>
    new Promise((answer, fail) => {
      terminate(otherPoller);
      if (request.signal.aborted) return answer([]);
      const timer = setTimeout(answerHeld, request.timeoutSeconds * 1000);
      const held = { request, answer, fail, timer };
      waiting = held;
      request.signal.addEventListener('abort', () => {
        if (waiting === held) release();
      });
    });
  // The server slows a client down that asks the same thing again at once, without telling it.
  const withQuirks = (request: PollRequest): PollRequest => {
    const now = performance.now();
    const isRepeat = quirks && request.offset === before.offset;
    const elapsedMs = now - before.at;
    before = { offset: request.offset, at: now };
    if (!isRepeat) return request;
    return {
      ...request,
      timeoutSeconds: request.timeoutSeconds < 3 && elapsedMs < 3000 ? 3 : request.timeoutSeconds,
      limit: elapsedMs < 500 ? 1 : request.limit,
    };
  };
  // The first update of a burst waits a moment for its neighbours, as on the real server.
  queue.onPush(() => {
    if (waiting !== undefined && wakeUp === undefined) wakeUp = setTimeout(answerHeld, 1);
  });

  return {
    poll: (asked) => {
      const request = withQuirks(asked);
      const updates = queue.take(request.offset, request.limit);
      if (updates.length > 0 || request.timeoutSeconds === 0) return Promise.resolve(updates);
      return hold(request);
    },
    conflict: (reason) =>
      new Promise((_, reject) => {
        afterConflictDelay(() => reject(new ApiError(409, `Conflict: ${reason}`)));
      }),
    terminate,
    isWaiting: () => waiting !== undefined,
    close: () => {
      release();
      for (const timer of sleeping) clearTimeout(timer);
    },
  };
};
