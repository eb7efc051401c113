import { announce, type Telling } from '../text/announce.ts';
import type { Draft } from '../text/draft.ts';
import type { RunLetter } from './dead-letter.ts';
import type { RunEvent } from './event.ts';
import { fenceOf, type QueueChange, UNLIMITED } from './queue-entry.ts';
import type { LiveRun } from './run.ts';

export interface Reaction {
  readonly queue: readonly QueueChange[];
  readonly outbox: readonly Draft[];
  readonly upkeep: readonly RunLetter[];
}

/** What we owe the outside because of facts. Keys make every effect safe to repeat; nothing is decided here. */
export const react = (run: LiveRun, events: readonly RunEvent[], telling: Telling): Reaction => ({
  queue: events.flatMap((event) => queued(run, event) ?? []),
  outbox: announce(run, events, telling),
  upkeep: events.flatMap((event) => kept(run, event) ?? []),
});

/** What failed for good is a dead letter until somebody recovers the run or drops it. */
const kept = (run: LiveRun, event: RunEvent): RunLetter | undefined => {
  const { runId, jobKey, epoch } = run;
  if (event.type === 'RunRecovered') return { kind: 'unbury', runId, by: event.actor };
  if (event.type !== 'ExecutionFailed') return undefined;
  const { attempt, Summary } = event.payload;
  return { kind: 'bury', runId, jobKey, epoch, attempt, error: Summary.slice(0, ERROR_MAX) };
};

const ERROR_MAX = 200;

const queued = (run: LiveRun, event: RunEvent): QueueChange | undefined => {
  switch (event.type) {
    case 'ExecutionDispatched':
    case 'ExecutionRetried': {
      const { epoch, attempt, notBefore } = event.payload;
      const { runId, jobKey, priority, concurrency = UNLIMITED } = run;
      const fence = fenceOf(run);
      return { op: 'add', entry: { runId, epoch, attempt, jobKey, priority, concurrency, notBefore, fence } };
    }
    // Whatever ends or suspends a run takes it out of the queue, and its lease with it: a worker that still runs it
    // learns so at its next beat and kills the process.
    case 'RunCanceled':
    case 'ApprovalTimedOut':
    case 'ApprovalVoided':
    case 'ExecutionLost':
    case 'ExecutionSucceeded':
    case 'ExecutionFailed':
      return { op: 'remove', runId: run.runId };
    case 'RunCreated':
    case 'ScheduleTriggered':
    case 'ApprovalRequested':
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
    case 'ApprovalRecorded':
    case 'RunApproved':
    case 'RunDenied':
    case 'RunResumed':
    case 'ExecutionStarted':
    case 'ExecutionProgressed':
    case 'RunRecovered':
    case 'RiskFlagged':
    case 'AiParseUsed':
      return undefined;
  }
};
