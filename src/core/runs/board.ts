import type { RunEvent } from './event.ts';
import { RUN_STATUSES, type RunStatus } from './run.ts';

export type Board =
  | 'REQUESTED'
  | 'APPROVED'
  | 'QUEUED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELED'
  | 'EXPIRED';

/** The name of a stored status on the control-plane board (PRODUCT 3). */
export const board = (status: RunStatus): Board => BOARD[status];

const BOARD: Readonly<Record<RunStatus, Board>> = {
  Created: 'REQUESTED',
  AwaitingApproval: 'REQUESTED',
  Approved: 'APPROVED',
  Dispatching: 'QUEUED',
  Running: 'RUNNING',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Denied: 'CANCELED',
  Canceled: 'CANCELED',
  Expired: 'EXPIRED',
};

/** One arrow of the state machine and the event that is the step. */
export interface Move {
  readonly from: RunStatus;
  readonly to: RunStatus;
  readonly event: RunEvent['type'];
  readonly when: string;
}

const move = (from: RunStatus, to: RunStatus, event: RunEvent['type'], when: string): Move => ({
  from,
  to,
  event,
  when,
});

/** Every step that a run can take. The rules are held to this table by a test, and the documentation is made from it. */
export const MOVES: readonly Move[] = [
  move('Created', 'AwaitingApproval', 'ApprovalRequested', 'people are asked'),
  move('Created', 'Approved', 'RunApproved', 'a never-policy approves'),
  move('Created', 'Canceled', 'RunCanceled', 'a person cancels'),
  move('AwaitingApproval', 'Approved', 'RunApproved', 'the deciding vote'),
  move('AwaitingApproval', 'Denied', 'RunDenied', 'a person says no'),
  move('AwaitingApproval', 'Expired', 'ApprovalTimedOut', 'decide-by passed'),
  move('AwaitingApproval', 'Canceled', 'RunCanceled', 'a person cancels'),
  move('AwaitingApproval', 'Failed', 'ExecutionFailed', 'a person gives a lost run up'),
  move(
    'Approved',
    'Dispatching',
    'ExecutionDispatched',
    'light: with the deciding vote; heavy: a person resumes',
  ),
  move('Approved', 'Expired', 'ApprovalTimedOut', 'start-by passed'),
  move('Approved', 'Canceled', 'RunCanceled', 'a person cancels'),
  move(
    'Approved',
    'AwaitingApproval',
    'ApprovalRequested',
    'a voter lost the right, so the approval is void',
  ),
  move('Dispatching', 'Running', 'ExecutionStarted', 'a worker starts the process'),
  move('Dispatching', 'Expired', 'ApprovalTimedOut', 'start-by passed before the first start'),
  move('Dispatching', 'Canceled', 'RunCanceled', 'a person cancels'),
  move('Dispatching', 'AwaitingApproval', 'ApprovalRequested', 'the approval is void at the claim'),
  move('Running', 'Succeeded', 'ExecutionSucceeded', 'the process succeeds'),
  move('Running', 'Failed', 'ExecutionFailed', 'the process fails and no attempt is left'),
  move('Running', 'Canceled', 'RunCanceled', 'a person cancels'),
  move('Running', 'Dispatching', 'ExecutionRetried', 'another attempt'),
  move('Running', 'AwaitingApproval', 'ApprovalRequested', 'its worker was lost, so a person is asked'),
  move('Failed', 'AwaitingApproval', 'ApprovalRequested', 'a person recovers it: new epoch, new decision'),
  move('Canceled', 'AwaitingApproval', 'ApprovalRequested', 'a person recovers it: new epoch, new decision'),
  move('Expired', 'AwaitingApproval', 'ApprovalRequested', 'a person recovers it: new epoch, new decision'),
];

const leadsTo = (from: RunStatus): readonly RunStatus[] =>
  MOVES.filter((each) => each.from === from).map((each) => each.to);

/** Where each stored status may lead. */
export const TRANSITIONS = Object.fromEntries(
  RUN_STATUSES.map((status) => [status, leadsTo(status)]),
  // fromEntries forgets that every status is a key.
) as unknown as Readonly<Record<RunStatus, readonly RunStatus[]>>;
