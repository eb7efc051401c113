import type { ChangeFigures } from '../ports/observe.ts';
import type { RunEvent } from '../runs/event.ts';
import type { LiveRun, RunState } from '../runs/run.ts';

/** What an event is counted by: taken from what is on record, so that every process counts alike. */
export const changeFigures = (event: RunEvent, before: RunState, after: LiveRun): ChangeFigures => {
  const { heavy, origin } = after;
  return { heavy, channel: origin.channel, ...figuresOf(event, before) };
};

const figuresOf = (event: RunEvent, before: RunState): ChangeFigures => {
  switch (event.type) {
    case 'RunApproved':
    case 'RunDenied':
      return before.status === 'AwaitingApproval' ? { waitedMs: Math.max(0, event.at - before.askedAt) } : {};
    case 'ScheduleTriggered':
      return event.payload.late === undefined ? {} : { late: true };
    case 'ExecutionSucceeded':
      return { attempt: event.payload.attempt };
    case 'ExecutionFailed':
    case 'ExecutionLost':
      return { attempt: event.payload.attempt, reason: event.payload.reason };
    case 'ExecutionRetried':
      // The event names the attempt that comes next.
      return { attempt: event.payload.attempt - 1, reason: event.payload.reason };
    default:
      return {};
  }
};
