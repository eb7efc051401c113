import type { Observe } from '../core/ports/observe.ts';
import type { Store } from '../core/ports/store.ts';
import { redactor } from '../telemetry/redact.ts';
import { inPhase, type TraceMode } from '../telemetry/trace/phases.ts';
import type { Span } from '../telemetry/trace/span.ts';
import { traceObservations } from '../telemetry/trace/tracer.ts';

export interface TracingOptions {
  /** Where spans are sent; without it none are made, and OpenTelemetry is not even loaded. */
  readonly endpoint: string | undefined;
  readonly installation: string;
  /** As the catalog that is live says. */
  readonly mode: () => TraceMode;
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

/** Whatever goes wrong with it, the program starts without traces and says so in the log. */
export const openTracing = async (options: TracingOptions): Promise<Tracing> => {
  const { endpoint, observe } = options;
  if (endpoint === undefined) return OFF;
  try {
    return await exporting({ ...options, endpoint });
  } catch (error) {
    observe({ kind: 'trace_faulted', error });
    return OFF;
  }
};

const exporting = async (options: TracingOptions & { readonly endpoint: string }): Promise<Tracing> => {
  const { installation, mode, secrets, observe } = options;
  const { startExport } = await import('../telemetry/trace/export.ts');
  const onFault = (error: unknown): void => observe({ kind: 'trace_faulted', error });
  const { take, stop } = startExport({ ...options, redact: redactor(secrets), onFault });
  const onSpan = (span: Span): void => take(mode() === 'linked' ? inPhase(span) : span);
  return { sees: traceObservations({ installation, now: Date.now, clock, onSpan }), stop };
};

const clock = (): number => performance.now();

const OFF: Tracing = { sees: () => undefined, stop: () => Promise.resolve() };

/** What names the traces of this installation: its first record, which is never changed. */
export const installationOf = async ({ history }: Pick<Store, 'history'>): Promise<string> => {
  const [first] = await history.events({ chain: 'system', seq: 0 }, 'system', 1);
  return first?.hash ?? '';
};
