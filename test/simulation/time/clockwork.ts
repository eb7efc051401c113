import { AsyncResource } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Timer, VirtualTime } from './virtual-time.ts';

/**
 * Puts the platform's clocks, timers and chance under the virtual time, so that the program runs unchanged. Nothing but one
 * world may run in this thread meanwhile. Answers how to put the real ones back.
 */
export const replaceClockwork = (time: VirtualTime, chance: () => number): (() => void) => {
  const pieces: readonly Piece[] = [
    ...timerPieces(time),
    [performance, 'now', () => time.now()],
    [Date, 'now', () => Math.floor(time.now())],
    [Math, 'random', chance],
    [timersPromises, 'setTimeout', sleepUnder(time)],
  ];
  const before = pieces.map(([where, name]) => Object.getOwnPropertyDescriptor(where, name));
  for (const [where, name, value] of pieces) {
    Object.defineProperty(where, name, { value, configurable: true, writable: true });
  }
  syncBuiltinESMExports();
  return () => {
    for (const [index, [where, name]] of pieces.entries()) {
      const descriptor = before[index];
      if (descriptor === undefined) Reflect.deleteProperty(where, name);
      else Object.defineProperty(where, name, descriptor);
    }
    syncBuiltinESMExports();
  };
};

type Piece = readonly [where: object, name: string, value: unknown];
type Act = (...args: readonly unknown[]) => void;

/** What the program does with a timer: it hands it back, and lets the process end without it. */
class Handle {
  timer: Timer;

  constructor(timer: Timer) {
    this.timer = timer;
  }

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }
}

/** As the platform has it: nothing below a millisecond, and whatever is too long rings at once. */
const asTimer = (ms: number): number => (ms >= 1 && ms < 2 ** 31 ? ms : 1);

/** A timer of the platform rings in the scope of whoever set it. */
const whereSet = (ring: () => void): (() => void) => AsyncResource.bind(ring);

const timerPieces = (time: VirtualTime): readonly Piece[] => {
  const once = (act: Act, ms = 1, ...args: readonly unknown[]) =>
    new Handle(
      time.after(
        asTimer(ms),
        whereSet(() => act(...args)),
      ),
    );
  const again = (act: Act, ms = 1, ...args: readonly unknown[]) => {
    const ring = whereSet((): void => {
      handle.timer = time.after(asTimer(ms), ring);
      act(...args);
    });
    const handle = new Handle(time.after(asTimer(ms), ring));
    return handle;
  };
  const soon = (act: Act, ...args: readonly unknown[]) =>
    new Handle(
      time.after(
        0,
        whereSet(() => act(...args)),
      ),
    );
  const cancel = (handle: unknown): void => {
    if (handle instanceof Handle) handle.timer.cancelled = true;
  };
  return [
    [globalThis, 'setTimeout', once],
    [globalThis, 'setInterval', again],
    [globalThis, 'setImmediate', soon],
    [globalThis, 'clearTimeout', cancel],
    [globalThis, 'clearInterval', cancel],
    [globalThis, 'clearImmediate', cancel],
  ];
};

/** `setTimeout` of node:timers/promises. */
const sleepUnder =
  (time: VirtualTime) =>
  (ms = 1, value?: unknown, { signal }: { readonly signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const aborted = (): void => {
        timer.cancelled = true;
        reject(new DOMException('The operation was aborted', 'AbortError'));
      };
      const timer = time.after(asTimer(ms), () => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      });
      if (signal?.aborted === true) aborted();
      else signal?.addEventListener('abort', aborted, { once: true });
    });
