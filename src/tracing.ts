import type { Observe } from './core/ports/observe.ts';
import type { Store } from './core/ports/store.ts';
import { redactor } from './telemetry/redact.ts';
import { traceObservations } from './telemetry/trace/tracer.ts';

export interface TracingOptions {
  /** Where spans are sent; without it none are made, and OpenTelemetry is not even loaded. */
  readonly endpoint: string | undefined;
  readonly installation: string;
  readonly version: string;
  readonly component: string;
  readonly instance: string;
  readonly secrets: readonly string[];
  readonly observe: Observe;
}

export interface Tracing {
  readonly sees: Observe;
  readonly stop: () => Promise<void>;
}

export const openTracing = async (options: TracingOptions): Promise<Tracing> => {
  const { endpoint, installation, secrets, observe } = options;
  if (endpoint === undefined) return OFF;
  const { startExport } = await import('./telemetry/trace/export.ts');
  const onFault = (error: unknown): void => observe({ kind: 'trace_faulted', error });
  const spans = startExport({ ...options, endpoint, redact: redactor(secrets), onFault });
  return {
    sees: traceObservations({
      installation,
      now: Date.now,
      clock: () => performance.now(),
      onSpan: spans.take,
    }),
    stop: spans.stop,
  };
};

const OFF: Tracing = { sees: () => undefined, stop: () => Promise.resolve() };

/** What names the traces of this installation: its first record, which is never changed. */
export const installationOf = async ({ history }: Pick<Store, 'history'>): Promise<string> => {
  const [first] = await history.events({ chain: 'system', seq: 0 }, 'system', 1);
  return first?.hash ?? '';
};
