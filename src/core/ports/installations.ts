import type { Instant } from '../time/instant.ts';

/** Where a channel was let in by people themselves: one row for each account of it. */
export interface IInstallations {
  /** Undefined where nobody installed us, or somebody took us out again. */
  find(channel: string, account: string): Promise<Installation | undefined>;
  /** The newest takes the place of the one before. */
  put(installation: Installation): Promise<void>;
  remove(channel: string, account: string): Promise<void>;
}

export interface Installation {
  readonly channel: string;
  /** The workspace, as the channel names it. */
  readonly account: string;
  /** What the channel needs there, sealed by the channel: whoever reads the database cannot use it. */
  readonly sealed: string;
  readonly at: Instant;
}
