import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { RunState } from '../../../src/core/runs/run.ts';

export type Status = RunState['status'];

/** Five answers, in the order of the actors. */
type Row = readonly [string, string, string, string, string];

const all = (answer: string): Row => [answer, answer, answer, answer, answer];
const nobody = all('unknown_run');
const asking = (right: string, without: string): Row => [
  right,
  without,
  'only_people_decide',
  'only_people_decide',
  'only_people_decide',
];
const votes = (right: string) => asking(right, 'may_not_decide');
const steers = (right: string) => asking(right, 'may_not_steer');
const clock = (due: string): Row => ['not_due', 'not_due', 'not_due', 'not_due', due];
const works = (answer: string): Row => [
  'only_workers_report',
  'only_workers_report',
  'only_workers_report',
  answer,
  'only_workers_report',
];

const everyStatus = (row: Row): Record<Exclude<Status, 'absent'>, Row> => ({
  Created: row,
  AwaitingApproval: row,
  Approved: row,
  Dispatching: row,
  Running: row,
  Succeeded: row,
  Failed: row,
  Denied: row,
  Canceled: row,
  Expired: row,
});

/**
 * What every state answers to every command: the events, or the reason why not. Actors in order: a person with the right, a
 * person without, a schedule, a worker, the system. A state or a command without its row does not compile.
 */
export const cells: Readonly<Record<RunCommand['type'], Readonly<Record<Status, Row>>>> = {
  request: {
    ...everyStatus(all('run_exists')),
    absent: [
      'RunCreated ApprovalRequested',
      'may_not_request',
      'RunCreated ApprovalRequested',
      'only_people_decide',
      'only_people_decide',
    ],
  },
  approve: {
    ...everyStatus(votes('already_decided')),
    absent: nobody,
    AwaitingApproval: votes('RunApproved ExecutionDispatched'),
  },
  deny: { ...everyStatus(votes('already_decided')), absent: nobody, AwaitingApproval: votes('RunDenied') },
  explain: { ...everyStatus(votes('may_not_decide')), absent: nobody },
  resume: {
    absent: nobody,
    Created: steers('not_heavy'),
    AwaitingApproval: steers('not_heavy'),
    Approved: steers('RunResumed ExecutionDispatched'),
    Dispatching: steers('already_started'),
    Running: steers('already_started'),
    Succeeded: steers('already_over'),
    Failed: steers('already_over'),
    Denied: steers('already_over'),
    Canceled: steers('already_over'),
    Expired: steers('already_over'),
  },
  cancel: {
    ...everyStatus(steers('already_over')),
    absent: nobody,
    Created: steers('RunCanceled'),
    AwaitingApproval: steers('RunCanceled'),
    Approved: steers('RunCanceled'),
    Dispatching: steers('RunCanceled'),
    Running: steers('RunCanceled'),
  },
  recover: {
    ...everyStatus(steers('not_recoverable')),
    absent: nobody,
    Dispatching: steers('already_started'),
    Running: steers('already_started'),
    Failed: steers('RunRecovered ApprovalRequested'),
    Canceled: steers('RunRecovered ApprovalRequested'),
    Expired: steers('RunRecovered ApprovalRequested'),
  },
  notify: { ...everyStatus(clock('not_due')), absent: nobody, AwaitingApproval: clock('ApprovalReminded') },
  expire: {
    ...everyStatus(clock('not_due')),
    absent: nobody,
    AwaitingApproval: clock('ApprovalTimedOut'),
    Approved: clock('ApprovalTimedOut'),
    Dispatching: clock('ApprovalTimedOut'),
  },
  preview: { ...everyStatus(works('superseded')), absent: nobody },
  start: { ...everyStatus(works('not_dispatched')), absent: nobody, Dispatching: works('ExecutionStarted') },
  progress: {
    ...everyStatus(works('not_dispatched')),
    absent: nobody,
    Running: works('ExecutionProgressed'),
  },
  finish: { ...everyStatus(works('superseded')), absent: nobody, Running: works('ExecutionSucceeded') },
  lose: {
    ...everyStatus(clock('not_dispatched')),
    absent: nobody,
    Running: clock('ExecutionLost ApprovalRequested'),
  },
};
