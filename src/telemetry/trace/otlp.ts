import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Redact } from '../redact.ts';
import { remembering } from '../remembering.ts';
import { SEMCONV_SCHEMA } from './names.ts';
import type { Span } from './span.ts';

/** Who made the spans. */
export interface Maker {
  readonly version: string;
  /** Which process of an installation. */
  readonly component: string;
  readonly instance: string;
  readonly redact: Redact;
}

/** Our spans in the shape that the packages of OpenTelemetry take. */
export const readableSpans = ({ version, component, instance, redact: clean }: Maker) => {
  const redact = remembering(clean);
  const resource = resourceFromAttributes(
    {
      'service.name': 'textops',
      'service.version': version,
      'service.instance.id': instance,
      'textops.component': component,
    },
    { schemaUrl: SEMCONV_SCHEMA },
  );
  const instrumentationScope = { name: 'textops', version, schemaUrl: SEMCONV_SCHEMA };
  return (span: Span): ReadableSpan => {
    const { traceId, spanId, parentId, error } = span;
    const own = contextOf(traceId, spanId);
    return {
      name: redact(span.name),
      kind: KINDS[span.kind],
      spanContext: () => own,
      ...(parentId === undefined ? {} : { parentSpanContext: contextOf(traceId, parentId) }),
      startTime: hrTime(span.startMs),
      endTime: hrTime(span.endMs),
      duration: hrTime(Math.max(0, span.endMs - span.startMs)),
      ended: true,
      status:
        error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
      attributes: redacted(span.attributes, redact),
      links: span.links.map((link) => ({ context: contextOf(link.traceId ?? traceId, link.spanId) })),
      events: span.events.map(({ name, atMs }) => ({ name, time: hrTime(atMs) })),
      resource,
      instrumentationScope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  };
};

/** The document that a collector would be sent. */
export const otlpJson = (spans: readonly Span[], maker: Maker): unknown => {
  const bytes = JsonTraceSerializer.serializeRequest(spans.map(readableSpans(maker)));
  return JSON.parse(new TextDecoder().decode(bytes));
};

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const contextOf = (traceId: string, spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
});

const hrTime = (ms: number): HrTime => {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
};

const redacted = (attributes: Span['attributes'], redact: Redact): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? redact(value) : value,
    ]),
  );
