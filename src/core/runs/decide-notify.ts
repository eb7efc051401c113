import type { RunCommand } from './command.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { event } from './record.ts';
import type { LiveRun } from './run.ts';

/** Whoever has not answered is told again, and somebody else is asked: each once, and never after the decision. */
export const decideNotify = (state: LiveRun, command: Extract<RunCommand, { type: 'notify' }>): Decision => {
  const { by, at, addresses } = command;
  const asks = by.kind === 'system' && state.status === 'AwaitingApproval' && at <= state.decideBy;
  if (!asks) return refuse({ why: 'not_due' });
  const { epoch, decideBy, escalate, remindAt } = state;
  const due = [
    ...(escalate !== undefined && escalate.at <= at
      ? [event('ApprovalEscalated', command, { epoch, to: escalate.to, addresses })]
      : []),
    ...(remindAt !== undefined && remindAt <= at
      ? [event('ApprovalReminded', command, { epoch, decideBy })]
      : []),
  ];
  return due.length === 0 ? refuse({ why: 'not_due' }) : accept(...due);
};
