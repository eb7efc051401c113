import type { ILeases, NamedLease, OnlyOne, SoleWork } from '../core/ports/leases.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import { RETRIES } from '../core/time/retries.ts';
import { type Pulse, pulseOf, startLoop } from './loop.ts';

export interface OnlyOneParts {
  readonly leases: ILeases;
  readonly now: () => Promise<number>;
  /** Different for every process and every start. */
  readonly holder: string;
  /** Where this process lives; see `isGone`. */
  readonly place: string;
  /** True only when it is certain that nobody lives there any more. */
  readonly isGone: (place: string) => boolean;
  /** A holder was found to be gone, and its lease is ours. */
  readonly onGone: (holder: string) => Promise<void>;
  readonly observe: Observe;
  readonly pulse?: Pulse;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
  readonly times?: Partial<OnlyOneTimes>;
}

export interface OnlyOneTimes {
  readonly leaseMs: number;
  readonly renewMs: number;
  /** Without a confirmed renewal for so long the work ends: before anybody else may have the lease. */
  readonly giveUpMs: number;
  /** How often the lease is looked at, by whoever has it and by whoever waits. */
  readonly lookMs: number;
}

const TIMES: OnlyOneTimes = { leaseMs: 8000, renewMs: 2500, giveUpMs: 5500, lookMs: 500 };

/**
 * Work that one process at a time does, under a lease in the database. Another process takes over within a moment when
 * the lease is given back or its holder is known to be gone, and otherwise when the lease has run out. A process that was
 * stopped in its tracks wakes up with the work still running; so the work has to be such that this does no harm.
 */
export const onlyOneOf =
  (parts: OnlyOneParts): OnlyOne =>
  (work) => {
    const { observe, clock = () => performance.now() } = parts;
    const times = { ...TIMES, ...parts.times };
    const shift = createShift(work, observe, () => loop.nudge());
    let confirmedAt = -Infinity;
    const tick = async (): Promise<'idle'> => {
      const began = clock();
      if (shift.isOver()) await giveBack(parts, shift);
      else if (!shift.isOurs() || began - confirmedAt >= times.renewMs) {
        const lease = await acquire(parts, work.name, times.leaseMs);
        if (lease.holder === parts.holder) confirmedAt = began;
        await (lease.holder === parts.holder ? shift.goesOn(lease) : shift.waits(lease.holder));
      }
      return 'idle';
    };
    const loop = startLoop({
      name: `lease ${work.name}`,
      idleMs: times.lookMs,
      retry: RETRIES.namedLease,
      observe,
      tick,
      ...pulseOf(parts),
    });
    // Beside the loop, which a database that hangs would hold up.
    const watch = setInterval(() => {
      if (shift.isOurs() && clock() - confirmedAt >= times.giveUpMs) void shift.waits(undefined);
    }, times.giveUpMs / 8);
    return {
      stop: async () => {
        clearInterval(watch);
        await Promise.all([shift.ends(), loop.stop()]);
        await giveBack(parts, shift);
      },
    };
  };

interface Shift {
  readonly isOurs: () => boolean;
  /** It was resigned or stopped, and is not taken up again. */
  readonly isOver: () => boolean;
  /** Begins, unless it goes on under the same lease. */
  readonly goesOn: (lease: NamedLease) => Promise<void>;
  readonly waits: (holder: string | undefined) => Promise<void>;
  readonly ends: () => Promise<void>;
  /** The lease that has to be given back, once. */
  readonly owed: () => NamedLease | undefined;
}

/** The work as it begins and ends with the lease; never twice at the same time. */
const createShift = (work: SoleWork, observe: Observe, onResigned: () => void): Shift => {
  let over = false;
  let held: NamedLease | undefined;
  let running: Running | undefined;
  let ending: Promise<void> = Promise.resolve();
  const rest = (): Promise<void> => {
    const ended = running;
    running = undefined;
    if (ended !== undefined) {
      ending = ended.stop().catch((error) => observe({ kind: 'loop_faulted', loop: work.name, error }));
    }
    return ending;
  };
  const resign = (): void => {
    over = true;
    onResigned();
  };
  return {
    isOurs: () => running !== undefined,
    isOver: () => over,
    goesOn: async (lease) => {
      if (running !== undefined && held?.fence === lease.fence) return;
      await rest();
      held = lease;
      if (over) return;
      running = work.start(resign);
      observe({ kind: 'leader_changed', work: work.name, state: 'gained', fence: lease.fence });
    },
    waits: async (holder) => {
      if (running !== undefined && held !== undefined) {
        observe({ kind: 'leader_changed', work: work.name, state: 'lost', fence: held.fence });
      }
      // A lease that was only not confirmed may still be ours to give back.
      if (holder !== undefined) held = undefined;
      await rest();
      if (!over) work.onWait?.(holder);
    },
    ends: () => {
      over = true;
      return rest();
    },
    owed: () => {
      const owed = held;
      held = undefined;
      return owed;
    },
  };
};

const giveBack = async ({ leases }: OnlyOneParts, shift: Shift): Promise<void> => {
  await shift.ends();
  const owed = shift.owed();
  if (owed !== undefined) await leases.release(owed);
};

/** The lease as it is after we asked for it; one whose holder is gone is not waited for. */
export const acquire = async (
  parts: Pick<OnlyOneParts, 'leases' | 'holder' | 'place' | 'now' | 'isGone' | 'onGone'>,
  name: string,
  leaseMs: number,
): Promise<NamedLease> => {
  const { leases, holder, place } = parts;
  const at = await parts.now();
  const wanted = { name, holder, place, at, until: at + leaseMs };
  const lease = await leases.take(wanted);
  if (lease.holder === holder || !parts.isGone(lease.place)) return lease;
  const inherited = await leases.take({ ...wanted, over: lease.fence });
  if (inherited.holder === holder) await parts.onGone(lease.holder);
  return inherited;
};
