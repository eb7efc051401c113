import { describe, expect, test } from 'vitest';
import { asRunEvent } from '../../src/core/runs/event.ts';
import { replaySpans } from '../../src/telemetry/trace/replay.ts';
import { readTraceparent } from '../../src/web/api/traceparent.ts';
import { world } from './world.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const whole = `00-${traceId}-${spanId}-01`;

describe('a traceparent', () => {
  test.each([
    ['of today', whole],
    ['whose trace is not recorded', `00-${traceId}-${spanId}-00`],
    ['of a later version, with more behind it', `cc-${traceId}-${spanId}-01-what-will-be`],
  ])('%s names the span of the caller', (_, header) => {
    expect(readTraceparent(header)).toEqual({ traceId, spanId });
  });

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['of the version that is forbidden', `ff-${traceId}-${spanId}-01`],
    ['of today, with more behind it', `${whole}-more`],
    ['in capitals', whole.toUpperCase()],
    ['without a trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['without a span', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['cut off', whole.slice(0, -3)],
    ['with words around it', ` ${whole}\n`],
  ])('%s is none', (_, header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});

describe('POST /runs', () => {
  const asking = async (traceparent: string) => {
    const there = await world();
    await there.addJob('backup');
    const ask = (header: string) =>
      there.call('/runs', {
        json: { job: 'backup' },
        headers: { 'idempotency-key': 'k1', traceparent: header },
      });
    const { status, json } = await ask(traceparent);
    const { runId } = json.run;
    const history = await there.store.runs.history(runId);
    const [root] = replaySpans({ installation: 'here', runId, history, sent: [] });
    return { status, runId, ask, history, root };
  };

  test('links the run to the trace of whoever asks, and keeps the run in the trace that its history names', async () => {
    const { root, history, runId } = await asking(whole);
    expect(root).toMatchObject({ name: 'receive http', links: [{ traceId, spanId }] });
    const [plain] = replaySpans({
      installation: 'here',
      runId,
      history: history.map((event) => ({ ...event, payload: withoutCaller(event) })),
      sent: [],
    });
    expect(root?.traceId).toBe(plain?.traceId);
    expect(plain?.links).toEqual([]);
  });

  test('takes no notice of a header that is none, or of the trace of a repeat', async () => {
    const { root, status, ask, runId } = await asking('00-nonsense');
    expect(status).toBe(201);
    expect(root).toMatchObject({ name: 'receive http', links: [] });
    const again = await ask(whole);
    expect(again.status).toBe(201);
    expect(again.json.run.runId).toBe(runId);
  });

  const withoutCaller = (event: Parameters<typeof asRunEvent>[0]): unknown => {
    const { type, payload } = asRunEvent(event);
    if (type !== 'RunCreated') return payload;
    const { caller: _, ...origin } = payload.origin;
    return { ...payload, origin };
  };
});
