import type { LiveRun } from '../../core/runs/run.ts';

/** The next moment at which people who have not answered are told again, or somebody else is asked. */
export const noticeAtOf = (state: LiveRun): number | undefined => {
  if (state.status !== 'AwaitingApproval') return undefined;
  const due = [state.remindAt, state.escalate?.at].filter((at) => at !== undefined);
  return due.length === 0 ? undefined : Math.min(...due);
};

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
