import type { Observation } from '../src/core/ports/observe.ts';
import { logObservations } from '../src/telemetry/log.ts';
import type { Span } from '../src/telemetry/trace/span.ts';
import { traceObservations } from '../src/telemetry/trace/tracer.ts';

/** In all that people write, programs send and jobs print; nobody who looks after the machine has any business with it. */
export const CANARY = 'canary-7f3a';

/** Whatever a log, down to the last level, and a collector of traces are told of these observations. */
export const toldOf = async (observations: readonly Observation[]): Promise<string> => {
  const lines: string[] = [];
  const spans: Span[] = [];
  const log = logObservations({
    level: 'trace',
    format: 'json',
    secrets: [],
    version: '1.0.0',
    component: 'test',
    installation: () => 'a test',
    destination: { write: (line) => void lines.push(line) },
  });
  const trace = traceObservations({
    installation: 'a test',
    now: () => 0,
    clock: () => 0,
    onSpan: (span) => void spans.push(span),
  });
  for (const one of observations) {
    log(one);
    trace(one);
  }
  // A commit is a span when all of its events have been told.
  await Promise.resolve();
  return [...lines, ...spans.map((span) => JSON.stringify(span))].join('\n');
};
