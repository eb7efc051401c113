import type { Observation, Send } from '../../core/ports/observe.ts';
import { spanIdOf } from './ids.ts';
import { ATTRIBUTE } from './names.ts';
import type { Span } from './span.ts';

/** The process of an attempt, without what came before and after it. */
export const execSpan = (
  traceId: string,
  told: Extract<Observation, { kind: 'attempt_ended' }>,
  endMs: number,
): Span => {
  const { runId, jobKey, epoch, attempt, outcome, exitCode, tookMs } = told;
  const succeeded = outcome === 'succeeded';
  const parentId = spanIdOf(traceId, 'attempt', epoch, attempt);
  return {
    traceId,
    spanId: spanIdOf(traceId, 'exec', epoch, attempt),
    parentId,
    name: `exec ${jobKey}`,
    kind: 'client',
    startMs: endMs - tookMs,
    endMs,
    attributes: {
      [ATTRIBUTE.runId]: runId,
      ...(exitCode === undefined ? {} : { [ATTRIBUTE.exitCode]: exitCode }),
      ...(succeeded ? {} : { [ATTRIBUTE.errorType]: outcome }),
    },
    ...(succeeded ? {} : { error: outcome }),
    links: [],
    events: [],
    phase: { head: parentId, parentId },
  };
};

/** One try to tell somebody about a run. */
export interface Sending extends Send {
  readonly runId: string;
  readonly address: string;
  readonly outcome: 'sent' | 'later' | 'dead';
  readonly endMs: number;
}

export const sendSpan = (traceId: string, sending: Sending): Span => {
  const { key, address, tries, tookMs, endMs, outcome, runId } = sending;
  const id = (n: number): string => spanIdOf(traceId, 'send', key, address, n);
  const failed = outcome !== 'sent';
  return {
    traceId,
    spanId: id(tries),
    parentId: spanIdOf(traceId, 'root'),
    name: `send ${purposeOf(key)}`,
    kind: 'producer',
    startMs: endMs - tookMs,
    endMs,
    attributes: {
      [ATTRIBUTE.system]: address.split(':')[0] ?? address,
      [ATTRIBUTE.operation]: 'send',
      [ATTRIBUTE.runId]: runId,
      [ATTRIBUTE.tries]: tries,
      ...(failed ? { [ATTRIBUTE.errorType]: outcome } : {}),
    },
    ...(failed ? { error: outcome } : {}),
    links: tries > 1 ? [{ spanId: id(tries - 1) }] : [],
    events: [],
    phase: { head: id(tries) },
  };
};

/** `approval-request:K7M2QX` is an approval-request; what stands behind the colon is nobody's business. */
const purposeOf = (key: string): string => key.split(':')[0] ?? key;
