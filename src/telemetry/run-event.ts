import type { RunEvent } from '../core/runs/event.ts';
import type { LogEvent, LogLevel } from './record.ts';

interface Words {
  readonly event: LogEvent;
  readonly level: LogLevel;
  readonly did: string;
}

const info = (event: LogEvent, did: string): Words => ({ event, level: 'info', did });
const warn = (event: LogEvent, did: string): Words => ({ event, level: 'warn', did });
const debug = (event: LogEvent, did: string): Words => ({ event, level: 'debug', did });

const WORDS: Readonly<Record<RunEvent['type'], Words>> = {
  RunCreated: info('run.created', 'asked for'),
  ScheduleTriggered: info('schedule.fired', 'due'),
  ApprovalRequested: info('run.approval_requested', 'put to the approvers'),
  PreviewRecorded: info('run.previewed', 'previewed'),
  ApprovalReminded: info('run.reminded', 'put to the approvers again'),
  ApprovalEscalated: info('run.escalated', 'put to somebody else too'),
  ApprovalRecorded: info('run.vote_recorded', 'given a vote'),
  RunApproved: info('run.approved', 'approved'),
  ApprovalVoided: warn('run.approval_voided', 'stripped of its approval'),
  RunDenied: info('run.denied', 'denied'),
  DenialExplained: info('run.denial_explained', 'given a reason'),
  ApprovalTimedOut: info('run.expired', 'expired'),
  RunResumed: info('run.resumed', 'resumed'),
  RunCanceled: info('run.canceled', 'canceled'),
  RunRecovered: info('run.recovered', 'brought back'),
  ExecutionDispatched: info('dispatch.enqueued', 'put into the queue'),
  // The worker says the same with its attempt and how long the entry waited; one event has one record.
  ExecutionStarted: debug('run.changed', 'started'),
  ExecutionProgressed: debug('execution.progressed', 'progressed'),
  ExecutionRetried: warn('execution.retry_scheduled', 'put back for a retry'),
  ExecutionLost: warn('run.changed', 'lost with its worker'),
  ExecutionSucceeded: info('execution.succeeded', 'succeeded'),
  ExecutionFailed: warn('execution.failed', 'failed'),
  RiskFlagged: info('run.changed', 'flagged'),
  AiParseUsed: info('run.changed', 'read by a model'),
};

/** `run K7M2QX approved by user:telegram:123`. */
export const describeRunEvent = (told: {
  readonly runId: string;
  readonly event: string;
  readonly actor: string;
}): { readonly level: LogLevel; readonly event: LogEvent; readonly msg: string } => {
  const { event, level, did } = known(told.event) ? WORDS[told.event] : info('run.changed', told.event);
  return { event, level, msg: `run ${told.runId} ${did} by ${told.actor}` };
};

const known = (event: string): event is RunEvent['type'] => Object.hasOwn(WORDS, event);
