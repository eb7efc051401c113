import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { describe, expect, test } from 'vitest';
import { currentScope, workingOn } from '../../src/loops/scope.ts';
import { spanIdOf, traceIdOf } from '../../src/telemetry/trace/ids.ts';
import { ATTRIBUTE } from '../../src/telemetry/trace/names.ts';
import type { Span } from '../../src/telemetry/trace/span.ts';
import { traceObservations } from '../../src/telemetry/trace/tracer.ts';
import { treeLines } from '../../src/telemetry/trace/tree.ts';
import { observations, step } from './observations.ts';

const twoPm = Date.UTC(2026, 10, 20, 14, 2, 41);
const RUN = 'K7M2QX';
const traceId = traceIdOf('here', RUN);
const id = (...what: Parameters<typeof spanIdOf> extends [string, ...infer W] ? W : never) =>
  spanIdOf(traceId, ...what);

const tracing = () => {
  const spans: Span[] = [];
  let clock = 0;
  const observe = traceObservations({
    installation: 'here',
    now: () => twoPm + 5000,
    clock: () => clock,
    onSpan: (span) => spans.push(span),
  });
  /** Since the work at hand began, however long the machine took to come here. */
  const passes = (ms: number) => (clock = (currentScope()?.beganMs ?? 0) + ms);
  return { observe, spans, passes };
};

const created = {
  kind: 'run_changed',
  runId: RUN,
  ...step,
  event: 'RunCreated',
  first: 1,
  channel: 'telegram',
} as const;
const approved = { kind: 'run_changed', runId: RUN, ...step, waitedMs: 37_900 } as const;
const dispatched = { ...created, event: 'ExecutionDispatched', first: 3, attempt: 1 } as const;

describe('ids', () => {
  test('are those of the protocol, the same every time, and of one run and installation only', () => {
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(id('root')).toMatch(/^[0-9a-f]{16}$/);
    expect(traceIdOf('here', RUN)).toBe(traceId);
    expect(traceIdOf('there', RUN)).not.toBe(traceId);
    expect(traceIdOf('here', '4TQ9ZB')).not.toBe(traceId);
    expect(id('attempt', 1, 2)).not.toBe(id('attempt', 2, 1));
  });
});

describe('the tracer', () => {
  test('makes one span of all that a commit told, from when its message began to be handled', async () => {
    const { observe, spans, passes } = tracing();
    await workingOn({ actor: 'user:telegram:123', receivedAt: twoPm - 4 }, async () => {
      observe(created);
      observe({ ...created, event: 'ApprovalRequested' });
      passes(18);
      await Promise.resolve();
    });
    expect(spans).toMatchObject([
      { name: 'receive telegram', spanId: id('root'), startMs: twoPm - 4, endMs: twoPm + 18 },
      {
        name: 'process run',
        spanId: id('commit', 1),
        parentId: id('root'),
        startMs: twoPm,
        endMs: twoPm + 18,
        events: [{ name: 'RunCreated' }, { name: 'ApprovalRequested' }],
      },
    ]);
  });

  test('links a request to the span of the program that made it, and goes on in a trace of its own', async () => {
    const { observe, spans } = tracing();
    const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    observe({ ...created, channel: 'http', caller });
    await Promise.resolve();
    expect(spans).toMatchObject([
      { name: 'receive http', traceId, links: [caller] },
      { name: 'process run', traceId, links: [] },
    ]);
    expect(spans[0]).not.toHaveProperty('parentId');
  });

  test('keeps two commits apart that are told in one go', async () => {
    const { observe, spans } = tracing();
    observe(created);
    observe(approved);
    observe(dispatched);
    observe({ ...approved, runId: '4TQ9ZB' });
    await Promise.resolve();
    expect(spans.map(({ name, traceId: of }) => [name, of === traceId])).toEqual([
      ['receive telegram', true],
      ['process run', true],
      ['process approve', true],
      ['publish dispatch', true],
      ['process approve', false],
    ]);
    expect(spans[2]?.attributes).toMatchObject({ 'textops.wait_s': 37.9, 'textops.decision': 'approved' });
    expect(spans[3]?.parentId).toBe(id('commit', 3));
  });

  test('ends an attempt with the commit that does, and links it to the one before', async () => {
    const { observe, spans } = tracing();
    const ended = { epoch: 1, attempt: 2, startedAt: twoPm - 12_000, workerId: 'w1', outcome: 'timeout' };
    observe({ ...approved, event: 'ExecutionFailed', first: 9, ended });
    await Promise.resolve();
    expect(spans).toMatchObject([
      {
        name: 'process backup attempt 2',
        spanId: id('attempt', 1, 2),
        parentId: id('root'),
        startMs: twoPm - 12_000,
        endMs: twoPm,
        error: 'timeout',
        links: [{ spanId: id('attempt', 1, 1) }],
        attributes: { 'cicd.pipeline.result': 'timeout', 'error.type': 'timeout' },
      },
    ]);
  });

  test('links a message that is sent again to the try before it', () => {
    const { observe, spans } = tracing();
    const about = { address: 'telegram:1', runId: RUN };
    const send = (tries: number) => ({ key: `card:${RUN}:3`, tries, tookMs: 98 });
    observe({ kind: 'outbox_later', ...about, reason: '429', ambiguous: false, send: send(1) });
    observe({ kind: 'outbox_sent', ...about, send: send(2) });
    expect(spans).toMatchObject([
      { name: 'send card', error: 'later', links: [] },
      {
        name: 'send card',
        links: [{ spanId: spans[0]?.spanId }],
        startMs: twoPm + 4902,
        endMs: twoPm + 5000,
      },
    ]);
    expect(spans[1]).not.toHaveProperty('error');
  });

  test('a message that changed a run is told once, one that only asked has a span as well', async () => {
    const { observe, spans } = tracing();
    const handled = { kind: 'message_handled', channel: 'dev', actor: 'user:dev:ana', tookMs: 3 } as const;
    await workingOn({ actor: 'user:dev:ana' }, async () => {
      observe(approved);
      await Promise.resolve();
      observe({ ...handled, intent: 'ApproveRun', runId: RUN });
    });
    workingOn({ actor: 'user:dev:ana' }, () => observe({ ...handled, intent: 'Status', runId: RUN }));
    observe({ ...handled, intent: 'Help' });
    expect(spans.map(({ name, parentId }) => [name, parentId])).toEqual([
      ['process approve', id('root')],
      ['process Status', id('root')],
      ['process Help', undefined],
    ]);
    expect(spans[2]?.traceId).not.toBe(traceId);
  });

  test('has nothing to say about the rest, and takes whatever there is', async () => {
    const { observe, spans } = tracing();
    for (const observation of observations('words', new Error('broken'))) observe(observation);
    await Promise.resolve();
    expect(spans.map(({ name }) => name).toSorted()).toEqual(
      ['exec words', 'process RunJob', 'process approve', 'send card', 'send card', 'send words'].toSorted(),
    );
  });
});

test('every name is one of the pinned conventions, or ours', () => {
  const known = new Set<unknown>(Object.values(semconv));
  const foreign = Object.values(ATTRIBUTE).filter((name) => !name.startsWith('textops.') && !known.has(name));
  expect(foreign).toEqual([]);
});

test('a tree shows who caused what in the order of time, and what took time how long', () => {
  const span = (name: string, more: Partial<Span>): Span => ({
    traceId,
    spanId: name,
    name,
    kind: 'internal',
    startMs: twoPm,
    endMs: twoPm,
    attributes: {},
    links: [],
    events: [],
    ...more,
  });
  const lines = treeLines([
    span('receive', {}),
    span('process', { parentId: 'receive', endMs: twoPm + 18, attributes: { 'textops.policy': 'required' } }),
    span('publish', { parentId: 'process' }),
    span('attempt', {
      parentId: 'receive',
      error: 'exit',
      links: [{ spanId: 'publish' }, { spanId: 'gone' }],
    }),
    span('lonely', { parentId: 'gone', links: [{ traceId: '4bf92f35', spanId: 'foreign' }] }),
  ]);
  expect(lines).toEqual([
    '├─ receive        14:02:41.000            internal',
    '│  ├─ process     14:02:41.000  +18ms     internal  textops.policy=required',
    '│  │  └─ publish  14:02:41.000            internal',
    '│  └─ attempt     14:02:41.000            internal  ERROR  link→publish',
    '└─ lonely         14:02:41.000            internal  link→trace 4bf92f35',
  ]);
});
