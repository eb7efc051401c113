import type { Observation, Observe } from '../core/ports/observe.ts';

/**
 * Tells everybody who looks on, the log first. None of them can hinder whoever tells, or the others: a counter or a trace that
 * fails is told to the log, once.
 */
export const observeAll = (log: Observe, others: readonly Observe[]): Observe => {
  const failed = new Set<Observe>();
  const tell = (other: Observe, observation: Observation): void => {
    try {
      other(observation);
    } catch (error) {
      if (!failed.has(other)) log({ kind: 'loop_faulted', loop: 'telemetry', error });
      failed.add(other);
    }
  };
  return (observation) => {
    log(observation);
    for (const other of others) tell(other, observation);
  };
};
