import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { within } from '../../loops/rest.ts';
import { type Maker, readableSpans } from './otlp.ts';
import type { Span } from './span.ts';

export interface ExportOptions extends Maker {
  /** Of the collector, without the path of the signal. */
  readonly endpoint: string;
  /** The first fault of a series. */
  readonly onFault: (error: unknown) => void;
}

export interface SpanExport {
  readonly take: (span: Span) => void;
  /** Sends what is left, as far as there is time; never rejects. */
  readonly stop: () => Promise<void>;
}

/**
 * Hands spans to a collector in batches. This module loads OpenTelemetry, so only whoever was told where to export imports it.
 * A collector that is slow or gone costs spans and nothing else: the queue has an end, and what does not fit is dropped.
 */
export const startExport = (options: ExportOptions): SpanExport => {
  const toReadable = readableSpans(options);
  const lost = onceAMinute(options.onFault);
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: tracesUrl(options.endpoint), timeoutMillis: EXPORT_MS }),
    maxQueueSize: QUEUE_MAX,
    maxExportBatchSize: BATCH_MAX,
    scheduledDelayMillis: EVERY_MS,
    exportTimeoutMillis: EXPORT_MS,
  });
  const logger = { error: lost, warn: silent, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  return {
    take: (span) => processor.onEnd(toReadable(span)),
    stop: async () => {
      // An exporter that never calls back makes this reject, and must not hold up a stop.
      await within(STOP_MS, processor.shutdown().catch(lost));
    },
  };
};

const QUEUE_MAX = 8192;
const BATCH_MAX = 512;
const EVERY_MS = 1000;
const EXPORT_MS = 3000;
const STOP_MS = 2000;

/** As the environment variable of OpenTelemetry means it: the path of the signal comes behind. */
const tracesUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, '')}/v1/traces`;

/** Their own words may repeat an address or an answer; that there is a fault is enough, and more than one a minute helps nobody. */
const onceAMinute = (onFault: (error: unknown) => void): (() => void) => {
  let saidAt = -Infinity;
  return () => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    onFault(new Error('the collector does not take spans'));
  };
};

const silent = (): void => undefined;

const SAY_EVERY_MS = 60_000;
