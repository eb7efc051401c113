import type { StoredEvent } from '../../../src/core/runs/event.ts';
import { type Mirror, signer } from './mirror.ts';
import type { Place } from './reading.ts';

const DECISIONS = ['ApprovalRecorded', 'RunApproved', 'RunDenied', 'RunResumed', 'RunRecovered'];

/** S7: while everything is frozen nobody decides or starts anything; what ends by itself may end. */
export const checkFrozen = ({ world }: Mirror, { chain, type, actor }: StoredEvent): void => {
  const isDecision = DECISIONS.includes(type) && (signer(actor) !== undefined || actor === 'policy:never');
  if (isDecision || type === 'ExecutionStarted')
    world.breaks('S7', `${chain}: ${type} by ${actor} while everything is frozen`);
};

/** S7: no worker takes anything either. */
export const checkNoClaim = (
  { world }: Mirror,
  before: ReadonlyMap<string, Place>,
  now: ReadonlyMap<string, Place>,
): void => {
  for (const [runId, { fence }] of now) {
    if (before.get(runId)?.fence !== fence)
      world.breaks('S7', `${runId} is claimed while everything is frozen`);
  }
};
