import type { Instant } from '../time/instant.ts';
import type { RunEvent } from './event.ts';
import { evolve } from './evolve.ts';
import type { Caller, Origin, RunState, RunStatus } from './run.ts';

/** One event of a run with what the run was until then: all that a log, a counter or a trace may want to know of it. */
export interface RunStep {
  readonly event: string;
  readonly actor: string;
  readonly at: Instant;
  readonly jobKey: string;
  readonly heavy: boolean;
  /** As the commit leaves it. */
  readonly status: RunStatus;
  readonly epoch: number;
  /** The number of the first event of the same commit. */
  readonly first: number;
  /** How long people were waited for, when a question ended with it; a worker, when a process starts. */
  readonly waitedMs?: number;
  /** The attempt that it put into the queue or started. */
  readonly attempt?: number;
  /** The attempt that ended with it. */
  readonly ended?: EndedAttempt;
  /** The channel through which the run was asked for. */
  readonly channel?: string;
  /** The span of the program that asked for it. */
  readonly caller?: Caller;
  /** An occurrence was asked for after its time. */
  readonly late?: true;
}

export interface EndedAttempt {
  readonly epoch: number;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly workerId: string;
  /** `succeeded`, or why not: a word. */
  readonly outcome: string;
  readonly exitCode?: number;
}

/** What the events of one commit were to the run; `version` is what it was before. */
export const stepsOf = (
  runId: string,
  before: RunState,
  version: number,
  events: readonly RunEvent[],
): readonly RunStep[] => {
  let after = before;
  const passed = events.map((event) => {
    const until = after;
    after = evolve(until, event, runId);
    return { event, until };
  });
  if (after.status === 'absent') return [];
  const { jobKey, heavy, status, epoch } = after;
  return passed.map(({ event, until }) => ({
    event: event.type,
    actor: event.actor,
    at: event.at,
    jobKey,
    heavy,
    status,
    epoch,
    first: version + 1,
    ...detailsOf(event, until, before),
  }));
};

type Details = Pick<RunStep, 'waitedMs' | 'attempt' | 'ended' | 'channel' | 'caller' | 'late'>;

const detailsOf = (event: RunEvent, state: RunState, before: RunState): Details => ({
  ...(event.type === 'RunCreated' ? asked(event.payload.origin) : {}),
  ...(event.type === 'ScheduleTriggered' && event.payload.late !== undefined ? { late: true } : {}),
  ...waited(event, before),
  ...('attempt' in event.payload && BEGINS.has(event.type) ? { attempt: event.payload.attempt } : {}),
  ...endedBy(event, state),
});

const asked = ({ channel, caller }: Origin): Pick<RunStep, 'channel' | 'caller'> => ({
  channel,
  ...(caller === undefined ? {} : { caller }),
});

const BEGINS: ReadonlySet<RunEvent['type']> = new Set(['ExecutionDispatched', 'ExecutionStarted']);

const DECIDES: ReadonlySet<RunEvent['type']> = new Set([
  'ApprovalRecorded',
  'RunApproved',
  'RunDenied',
  'ApprovalTimedOut',
  'RunCanceled',
]);

/** Only of what waited before this commit: what it brought about itself was waited for by nobody. */
const waited = (event: RunEvent, before: RunState): Pick<RunStep, 'waitedMs'> => {
  const since =
    before.status === 'AwaitingApproval' && DECIDES.has(event.type)
      ? before.askedAt
      : before.status === 'Approved' && event.type === 'RunResumed'
        ? before.approvedAt
        : before.status === 'Dispatching' && event.type === 'ExecutionStarted'
          ? Math.max(before.since, before.notBefore)
          : undefined;
  return since === undefined ? {} : { waitedMs: Math.max(0, event.at - since) };
};

const endedBy = (event: RunEvent, state: RunState): Pick<RunStep, 'ended'> => {
  if (state.status !== 'Running') return {};
  const outcome = outcomeOf(event);
  if (outcome === undefined) return {};
  const { epoch, attempt, startedAt, workerId } = state;
  const exitCode = event.type === 'ExecutionFailed' ? event.payload.exitCode : undefined;
  const code = exitCode === undefined ? {} : { exitCode };
  return { ended: { epoch, attempt, startedAt, workerId, outcome, ...code } };
};

const outcomeOf = (event: RunEvent): string | undefined => {
  switch (event.type) {
    case 'ExecutionSucceeded':
      return 'succeeded';
    case 'ExecutionLost':
      return event.payload.reason;
    case 'ExecutionFailed':
    case 'ExecutionRetried':
      // Its loss was an event of its own.
      return event.payload.reason === 'lost' ? undefined : event.payload.reason;
    case 'RunCanceled':
      return 'canceled';
    default:
      return undefined;
  }
};
