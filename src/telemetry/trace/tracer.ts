import type { Observation, Observe, RunChanged } from '../../core/ports/observe.ts';
import { currentScope, type Scope } from '../../loops/scope.ts';
import { remembering } from '../remembering.ts';
import { commitSpans } from './commit-spans.ts';
import { traceIdOf } from './ids.ts';
import { messageSpan } from './message-span.ts';
import type { Span } from './span.ts';
import { execSpan, sendSpan } from './work-spans.ts';

export interface TracerOptions {
  /** Its first record; see `traceIdOf`. */
  readonly installation: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds, as the scopes have them. */
  readonly clock: () => number;
  readonly onSpan: (span: Span) => void;
}

/**
 * Makes spans of what happened, when it is over. Nothing is asked of whoever tells, and nothing is open meanwhile: a process
 * that dies loses the span of what it was doing, and the history has it all the same.
 */
export const traceObservations = (options: TracerOptions): Observe => {
  const { installation, now, onSpan } = options;
  const traceOf = remembering((runId) => traceIdOf(installation, runId));
  const scopes = new WeakSet<Scope>();
  const commits = gatherCommits(options, traceOf, scopes);
  return (told) => {
    switch (told.kind) {
      case 'run_changed':
        return commits(told);
      case 'message_handled': {
        const scope = currentScope();
        // What changed a run has its span already.
        if (scope !== undefined && scopes.has(scope)) return;
        return onSpan(messageSpan(told, told.runId && traceOf(told.runId), now()));
      }
      case 'attempt_ended':
        return onSpan(execSpan(traceOf(told.runId), told, now()));
      case 'outbox_sent':
      case 'outbox_later':
      case 'outbox_dead': {
        const sending = sendingOf(told, now());
        return sending && onSpan(sendSpan(traceOf(sending.runId), sending));
      }
      default:
        return undefined;
    }
  };
};

type Sent = Extract<Observation, { kind: 'outbox_sent' | 'outbox_later' | 'outbox_dead' }>;

const OUTCOMES = { outbox_sent: 'sent', outbox_later: 'later', outbox_dead: 'dead' } as const;

/** Messages about no run belong to no trace. */
const sendingOf = ({ kind, address, runId, send }: Sent, endMs: number) =>
  runId === undefined || send === undefined
    ? undefined
    : { ...send, runId, address, outcome: OUTCOMES[kind], endMs };

interface Commit {
  readonly runId: string;
  readonly steps: RunChanged[];
  readonly scope: Scope | undefined;
}

/** The events of a commit are told one after the other without a pause; a turn of the queue later they are all there. */
const gatherCommits = (
  { clock, onSpan }: TracerOptions,
  traceOf: (runId: string) => string,
  scopes: WeakSet<Scope>,
): ((told: RunChanged) => void) => {
  let open: Commit | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { runId, steps, scope } = open;
    open = undefined;
    // Of a worker's scope the beginning lies before a whole job.
    const isMessage = scope !== undefined && scope.runId === undefined;
    const tookMs = isMessage ? Math.max(0, Math.round(clock() - scope.beganMs)) : 0;
    const traceId = traceOf(runId);
    const receivedAt = scope?.receivedAt === undefined ? {} : { receivedAt: scope.receivedAt };
    for (const span of commitSpans({ traceId, runId, steps, tookMs, ...receivedAt })) onSpan(span);
  };
  return (told) => {
    if (open !== undefined && (open.runId !== told.runId || open.steps[0]?.first !== told.first)) close();
    if (open === undefined) {
      const scope = currentScope();
      open = { runId: told.runId, steps: [], scope };
      if (scope !== undefined) scopes.add(scope);
      queueMicrotask(close);
    }
    open.steps.push(told);
  };
};
