import type { EndedAttempt, RunStep } from '../../core/runs/step.ts';
import { phaseTraceOf, spanIdOf } from './ids.ts';
import { ATTRIBUTE, type Attributes } from './names.ts';
import type { Span, SpanLink } from './span.ts';

/** All events of one commit, and what is known of the time that it took. */
export interface CommitTold {
  readonly traceId: string;
  readonly runId: string;
  readonly steps: readonly RunStep[];
  /** From the moment that the events bear to the end of the commit. */
  readonly tookMs: number;
  /** When the message behind it was stored. */
  readonly receivedAt?: number;
}

/**
 * The spans of one commit. The first one of a run begins its trace; what comes later hangs on that root however much time has
 * passed. An attempt is told by the commit that ends it, a start by none.
 */
export const commitSpans = (told: CommitTold): readonly Span[] => [
  ...processSpans(told),
  ...told.steps.flatMap((step) => (step.ended === undefined ? [] : [attemptSpan(told, step, step.ended)])),
];

/** What a commit is called after the most telling of its events; those of a worker have their attempt instead. */
const VERBS: Readonly<Record<string, string>> = {
  RunCreated: 'run',
  RunDenied: 'deny',
  RunApproved: 'approve',
  ApprovalRecorded: 'vote',
  RunCanceled: 'cancel',
  RunRecovered: 'recover',
  RunResumed: 'resume',
  ApprovalTimedOut: 'expire',
  ApprovalVoided: 'void',
  ApprovalReminded: 'remind',
  ApprovalEscalated: 'escalate',
  DenialExplained: 'explain',
  PreviewRecorded: 'preview',
  ExecutionLost: 'lose',
};

const DECISIONS: Readonly<Record<string, string>> = {
  RunApproved: 'approved',
  ApprovalRecorded: 'voted',
  RunDenied: 'denied',
  ApprovalTimedOut: 'expired',
};

const processSpans = (told: CommitTold): readonly Span[] => {
  const { traceId, steps, tookMs, receivedAt } = told;
  const lead = steps.find(({ event }) => VERBS[event] !== undefined);
  if (lead === undefined) return [];
  const endMs = lead.at + tookMs;
  const rootId = spanIdOf(traceId, 'root');
  const spanId = spanIdOf(traceId, 'commit', lead.first);
  const begins = lead.event === 'RunCreated';
  const own: Span = {
    traceId,
    spanId,
    parentId: rootId,
    name: `process ${VERBS[lead.event] ?? ''}`,
    kind: begins ? 'internal' : 'consumer',
    startMs: lead.at,
    endMs,
    attributes: processAttributes(told, lead),
    links: [],
    events: steps.map(({ event, at }) => ({ name: event, atMs: at })),
    ...(begins ? {} : { phase: { head: spanId } }),
  };
  const from = { traceId: begins ? traceId : phaseTraceOf(traceId, spanId), spanId };
  const dispatched = steps.flatMap((step) =>
    step.event === 'ExecutionDispatched' ? [dispatchSpan(told, step, from, endMs)] : [],
  );
  if (!begins) return [own, ...dispatched];
  return [
    rootSpan(told, lead, { rootId, startMs: Math.min(receivedAt ?? lead.at, lead.at), endMs }),
    own,
    ...dispatched,
  ];
};

const rootSpan = (
  { traceId, runId }: CommitTold,
  { channel = 'schedule', jobKey, caller }: RunStep,
  { rootId, startMs, endMs }: { readonly rootId: string; readonly startMs: number; readonly endMs: number },
): Span => ({
  traceId,
  spanId: rootId,
  name: `receive ${channel}`,
  kind: 'consumer',
  startMs,
  endMs,
  attributes: {
    [ATTRIBUTE.system]: channel,
    [ATTRIBUTE.operation]: 'receive',
    [ATTRIBUTE.runId]: runId,
    [ATTRIBUTE.job]: jobKey,
  },
  // Whoever called goes on with a trace of its own, which may be over long before a person has decided.
  links: caller === undefined ? [] : [caller],
  events: [],
});

const processAttributes = ({ runId, steps }: CommitTold, lead: RunStep): Attributes => {
  const decision = steps.map(({ event }) => DECISIONS[event]).find((word) => word !== undefined);
  const waitedMs = steps.find((step) => step.waitedMs !== undefined)?.waitedMs;
  return {
    [ATTRIBUTE.operation]: 'process',
    [ATTRIBUTE.runId]: runId,
    [ATTRIBUTE.job]: lead.jobKey,
    [ATTRIBUTE.intent]: VERBS[lead.event] ?? '',
    [ATTRIBUTE.actor]: lead.actor,
    [ATTRIBUTE.epoch]: lead.epoch,
    ...policyOf(steps),
    ...(decision === undefined ? {} : { [ATTRIBUTE.decision]: decision }),
    ...(waitedMs === undefined ? {} : { [ATTRIBUTE.wait]: waitedMs / 1000 }),
  };
};

const policyOf = (steps: readonly RunStep[]): Attributes => {
  if (steps.some(({ event }) => event === 'ApprovalRequested')) return { [ATTRIBUTE.policy]: 'required' };
  const unasked = steps.some(({ event, actor }) => event === 'RunApproved' && actor.startsWith('policy:'));
  return unasked ? { [ATTRIBUTE.policy]: 'never' } : {};
};

/** A row of the same commit: it takes no time of its own, and its worker comes when it comes. */
const dispatchSpan = (
  { traceId, runId }: CommitTold,
  { epoch, attempt = 1 }: RunStep,
  from: SpanLink,
  endMs: number,
): Span => ({
  traceId,
  spanId: spanIdOf(traceId, 'dispatch', epoch, attempt),
  parentId: from.spanId,
  name: 'publish dispatch',
  kind: 'producer',
  startMs: endMs,
  endMs,
  attributes: {
    [ATTRIBUTE.operation]: 'send',
    [ATTRIBUTE.destination]: 'job_queue',
    [ATTRIBUTE.runId]: runId,
    [ATTRIBUTE.epoch]: epoch,
    [ATTRIBUTE.attempt]: attempt,
  },
  links: [],
  events: [],
  phase: { head: spanIdOf(traceId, 'attempt', epoch, attempt), from },
});

const attemptSpan = ({ traceId, runId, steps }: CommitTold, step: RunStep, ended: EndedAttempt): Span => {
  const { epoch, attempt, startedAt, workerId, outcome, exitCode } = ended;
  const succeeded = outcome === 'succeeded';
  const spanId = spanIdOf(traceId, 'attempt', epoch, attempt);
  const dispatchId = spanIdOf(traceId, 'dispatch', epoch, attempt);
  return {
    traceId,
    spanId,
    parentId: spanIdOf(traceId, 'root'),
    name: `process ${step.jobKey} attempt ${attempt}`,
    kind: 'consumer',
    startMs: startedAt,
    endMs: Math.max(startedAt, step.at),
    attributes: {
      [ATTRIBUTE.operation]: 'process',
      [ATTRIBUTE.destination]: 'job_queue',
      [ATTRIBUTE.pipeline]: step.jobKey,
      [ATTRIBUTE.pipelineRun]: runId,
      [ATTRIBUTE.pipelineResult]: resultOf(outcome),
      [ATTRIBUTE.runId]: runId,
      [ATTRIBUTE.epoch]: epoch,
      [ATTRIBUTE.attempt]: attempt,
      [ATTRIBUTE.worker]: workerId,
      ...(exitCode === undefined ? {} : { [ATTRIBUTE.exitCode]: exitCode }),
      ...(succeeded ? {} : { [ATTRIBUTE.errorType]: outcome }),
    },
    ...(succeeded ? {} : { error: outcome }),
    links: [{ spanId: attempt > 1 ? spanIdOf(traceId, 'attempt', epoch, attempt - 1) : dispatchId }],
    events: steps.map(({ event, at }) => ({ name: event, atMs: at })),
    phase: { head: spanId, ...(attempt > 1 ? {} : { parentId: dispatchId }) },
  };
};

/** In the words of the conventions for pipelines. */
const RESULTS: Readonly<Record<string, string>> = {
  succeeded: 'success',
  timeout: 'timeout',
  canceled: 'cancellation',
  spawn: 'error',
  lease_expired: 'error',
  interrupted: 'error',
};

export const resultOf = (outcome: string): string => RESULTS[outcome] ?? 'failure';
