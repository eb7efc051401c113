import type { Instant } from '../time/instant.ts';
import type { RunCommand } from './command.ts';

/** Somebody has stopped everything. */
export interface Freeze {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/**
 * Whether a freeze stands in the way: nothing is decided and nothing is started on purpose. A cancel, a deadline and what
 * a worker reports only ever end something, and asking starts nothing.
 */
export const isStoppedByFreeze = ({ type }: RunCommand): boolean =>
  type === 'approve' || type === 'deny' || type === 'resume' || type === 'recover';
