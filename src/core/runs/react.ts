import { announce, type Telling } from '../text/cards/announce.ts';
import type { Draft } from '../text/grammar/draft.ts';
import type { RunLetter } from './dead-letter.ts';
import { PREVIEW } from './decide-preview.ts';
import type { RunEvent } from './event.ts';
import { fenceOf, type QueueChange, type QueueEntry, UNLIMITED } from './queue-entry.ts';
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
      return { op: 'add', entry: entryOf(run, { epoch, attempt, notBefore }) };
    }
    case 'ApprovalRequested': {
      const { epoch } = event.payload;
      return run.previews === true
        ? { op: 'add', entry: entryOf(run, { epoch, attempt: PREVIEW, notBefore: event.at }) }
        : undefined;
    }
    // Only a dry run can still be in the queue.
    case 'RunDenied':
      return run.previews === true ? { op: 'remove', runId: run.runId } : undefined;
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
    case 'PreviewRecorded':
    case 'DenialExplained':
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
    case 'ApprovalRecorded':
    case 'RunApproved':
    case 'RunResumed':
    case 'ExecutionStarted':
    case 'ExecutionProgressed':
    case 'RunRecovered':
    case 'RiskFlagged':
    case 'AiParseUsed':
      return undefined;
  }
};

const entryOf = (run: LiveRun, which: Pick<QueueEntry, 'epoch' | 'attempt' | 'notBefore'>): QueueEntry => {
  const { runId, jobKey, priority, concurrency = UNLIMITED } = run;
  return { runId, ...which, jobKey, priority, concurrency, fence: fenceOf(run) };
};
