import type { Instant } from '../time/instant.ts';
import type { Running } from './running.ts';

/** What one process at a time does, and which one: `ticks`, `poller:telegram:123456`. */
export interface NamedLease {
  readonly name: string;
  /** A process, as it names itself for one start. */
  readonly holder: string;
  /** Where it lives, for whoever can tell from there that it is gone; empty when nobody can. */
  readonly place: string;
  /** Grows at every change of owner. */
  readonly fence: number;
  readonly since: Instant;
  /** Free from then on; 0 once it was given back. */
  readonly until: Instant;
}

export interface ILeases {
  /**
   * Takes a lease that is free, or renews one's own; answers the lease as it then is, which names somebody else when it
   * was not to be had. `over` is the fence of a lease whose holder is known to be gone: it is taken before its time.
   */
  take(p: {
    readonly name: string;
    readonly holder: string;
    readonly place: string;
    readonly at: Instant;
    readonly until: Instant;
    readonly over?: number;
  }): Promise<NamedLease>;
  /** Gives it back, unless it belongs to somebody else by now. */
  release(p: { readonly name: string; readonly holder: string; readonly fence: number }): Promise<void>;
  /** By name, also those that nobody holds any more. */
  list(): Promise<readonly NamedLease[]>;
}

/** A piece of work that one process at a time may do. */
export interface SoleWork {
  /** The name of its lease. */
  readonly name: string;
  /** The lease is ours: do it until stopped. `resign` gives it up for good, and another process may do it. */
  readonly start: (resign: () => void) => Running;
  /** Another process does it; undefined: the database does not say that we may. */
  readonly onWait?: (holder: string | undefined) => void;
}

/** Sees to it that the work is done by this process or by another one, for as long as it is not stopped. */
export type OnlyOne = (work: SoleWork) => Running;
