import { describe, expect, test } from 'vitest';
import type { EndedAttempt, RunStep } from '../../src/core/runs/step.ts';
import { commitSpans } from '../../src/telemetry/trace/commit-spans.ts';
import { phaseTraceOf, spanIdOf, traceIdOf } from '../../src/telemetry/trace/ids.ts';
import { messageSpan } from '../../src/telemetry/trace/message-span.ts';
import { inPhase } from '../../src/telemetry/trace/phases.ts';
import type { Span } from '../../src/telemetry/trace/span.ts';
import { execSpan, sendSpan } from '../../src/telemetry/trace/work-spans.ts';
import { step } from './observations.ts';

const runId = 'K7M2QX';
const traceId = traceIdOf('here', runId);
const root = spanIdOf(traceId, 'root');
const at = step.at;

const commit = (first: number, ...steps: readonly (Partial<RunStep> & { readonly event: string })[]) =>
  commitSpans({ traceId, runId, tookMs: 5, steps: steps.map((one) => ({ ...step, first, ...one })) });

const ended = (attempt: number, outcome: string): EndedAttempt => ({
  epoch: 1,
  attempt,
  startedAt: at,
  workerId: 'w1',
  outcome,
});

const exec = (attempt: number): Span => {
  const told = { runId, jobKey: 'backup', epoch: 1, attempt, workerId: 'w1', outcome: 'exit', tookMs: 9 };
  return execSpan(traceId, { kind: 'attempt_ended', ...told }, at);
};

const send = (tries: number): Span =>
  sendSpan(traceId, {
    runId,
    key: `card:${runId}:3`,
    address: 'telegram:1',
    tries,
    tookMs: 9,
    outcome: tries === 1 ? 'later' : 'sent',
    endMs: at,
  });

const asked = { kind: 'message_handled', channel: 'dev', intent: 'Status', runId, tookMs: 3 } as const;

/** Asked for, approved, failed once, succeeded, told about at the second try, asked about. */
const whole: readonly Span[] = [
  ...commit(1, { event: 'RunCreated', channel: 'telegram' }, { event: 'ApprovalRequested' }),
  ...commit(3, { event: 'RunApproved' }, { event: 'ExecutionDispatched', attempt: 1 }),
  ...commit(6, { event: 'ExecutionRetried', ended: ended(1, 'exit') }),
  exec(1),
  ...commit(8, { event: 'ExecutionSucceeded', ended: ended(2, 'succeeded') }),
  exec(2),
  send(1),
  send(2),
  messageSpan(asked, traceId, at),
];

const linked = whole.map(inPhase);
const named = (name: string, index = 0): Span | undefined => linked.filter((one) => one.name === name)[index];
const traceOf = (name: string, index = 0): string | undefined => named(name, index)?.traceId;

describe('a trace for every phase', () => {
  test('keeps the request, and what it came to, in the trace that the run is named by', () => {
    expect(linked.filter((one) => one.traceId === traceId).map(({ name }) => name)).toEqual([
      'receive telegram',
      'process run',
    ]);
  });

  test('puts an attempt together with its dispatch and its process, and nothing else together', () => {
    const traces = Map.groupBy(linked, (one) => one.traceId);
    expect([...traces.values()].map((spans) => spans.map(({ name }) => name))).toEqual([
      ['receive telegram', 'process run'],
      ['process approve'],
      ['publish dispatch', 'process backup attempt 1', 'exec backup'],
      ['process backup attempt 2', 'exec backup'],
      ['send card'],
      ['send card'],
      ['process Status'],
    ]);
  });

  test('has no parent in another trace', () => {
    const lost = linked.filter(
      ({ parentId, traceId: own }) =>
        parentId !== undefined && !linked.some((one) => one.spanId === parentId && one.traceId === own),
    );
    expect(lost).toEqual([]);
  });

  test('links whatever begins a phase to the request, and to nothing that is not there', () => {
    const beginners = linked.filter(({ parentId, spanId }) => parentId === undefined && spanId !== root);
    expect(beginners.map(({ links }) => links[0])).toEqual(beginners.map(() => ({ traceId, spanId: root })));
    const dangling = linked.flatMap(({ links }) =>
      links.filter(
        ({ spanId, traceId: of }) => !linked.some((one) => one.spanId === spanId && one.traceId === of),
      ),
    );
    expect(dangling).toEqual([]);
  });

  test('links a dispatch to the decision, an attempt and a try to the one before', () => {
    const from = (name: string, index = 0) => named(name, index)?.links.slice(1);
    expect(from('publish dispatch')).toEqual([
      { traceId: traceOf('process approve'), spanId: named('process approve')?.spanId },
    ]);
    expect(from('process backup attempt 2')).toEqual([
      { traceId: traceOf('process backup attempt 1'), spanId: named('process backup attempt 1')?.spanId },
    ]);
    expect(from('send card', 1)).toEqual([
      { traceId: traceOf('send card'), spanId: named('send card')?.spanId },
    ]);
  });

  test('changes neither a span’s own id nor what it says', () => {
    const told = ({ spanId, name, attributes, startMs, endMs }: Span) => [
      spanId,
      name,
      attributes,
      startMs,
      endMs,
    ];
    expect(linked.map(told)).toEqual(whole.map(told));
  });

  test('leads from a run that nobody was asked about to its attempt as well', () => {
    const spans = commit(
      1,
      { event: 'RunCreated', channel: 'dev' },
      { event: 'RunApproved', actor: 'policy:never' },
      { event: 'ExecutionDispatched', attempt: 1 },
    ).map(inPhase);
    const [, request, dispatch] = spans;
    expect(request).toMatchObject({ name: 'process run', traceId });
    expect(dispatch).toMatchObject({
      name: 'publish dispatch',
      traceId: phaseTraceOf(traceId, spanIdOf(traceId, 'attempt', 1, 1)),
      links: [
        { traceId, spanId: root },
        { traceId, spanId: request?.spanId },
      ],
    });
    expect(dispatch).not.toHaveProperty('parentId');
  });

  test('leaves alone what belongs to no run, and what somebody else’s trace links to', () => {
    const { runId: _, ...nobody } = asked;
    const alone = messageSpan(nobody, undefined, at);
    expect(inPhase(alone)).toBe(alone);
    const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    const [received] = commit(1, { event: 'RunCreated', channel: 'http', caller }).map(inPhase);
    expect(received).toMatchObject({ traceId, links: [caller] });
  });

  test('names a phase by its run and its head, always the same', () => {
    expect(phaseTraceOf(traceId, root)).toMatch(/^[0-9a-f]{32}$/);
    expect(phaseTraceOf(traceId, root)).toBe(phaseTraceOf(traceId, root));
    expect(phaseTraceOf(traceIdOf('there', runId), root)).not.toBe(phaseTraceOf(traceId, root));
    expect(phaseTraceOf(traceId, 'another')).not.toBe(phaseTraceOf(traceId, root));
  });
});
