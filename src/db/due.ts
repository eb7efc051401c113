import type { LiveRun } from '../core/runs/run.ts';

/** The deadline that runs in this state, if any: decide-by while people are asked, start-by until the first start. */
export const dueAtOf = (state: LiveRun): number | undefined => {
  switch (state.status) {
    case 'AwaitingApproval':
      return state.decideBy;
    case 'Approved':
    case 'Dispatching':
      return state.startBy;
    default:
      return undefined;
  }
};
