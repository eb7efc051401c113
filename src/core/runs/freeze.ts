import type { Instant } from '../time/instant.ts';
import type { RunCommand } from './command.ts';
import type { RunEvent } from './event.ts';

/** Somebody has stopped everything. */
export interface Freeze {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/**
 * Whether a freeze stands in the way: nothing is decided and nothing is started, neither by a person nor by a worker that
 * has claimed the run already nor by a policy. A cancel, a deadline and what a worker reports only ever end something, and
 * asking starts nothing.
 */
export const isStoppedByFreeze = ({ type }: RunCommand, events: readonly RunEvent[]): boolean =>
  STOPPED.includes(type) || events.some((event) => event.type === 'RunApproved');

const STOPPED: readonly RunCommand['type'][] = ['approve', 'deny', 'resume', 'recover', 'start'];
