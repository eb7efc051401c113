import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

// OTLP 1.x over HTTP as JSON: every field that is not of the protocol, and every value that is not of its type, is refused.

const nanos = z.string().regex(/^\d{19}$/);
const hexOf = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${length}}$`))
    .refine((id) => !/^0+$/.test(id), 'an id of zeros is none');
const count = z.number().int().nonnegative();
const whole = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]);
const AnyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: whole }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value: AnyValue }));

const OtlpSpan = z
  .strictObject({
    traceId: hexOf(32),
    spanId: hexOf(16),
    parentSpanId: hexOf(16).optional(),
    traceState: z.string().optional(),
    flags: count,
    name: z.string().min(1),
    kind: z.number().int().min(1).max(5),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    droppedAttributesCount: count,
    events: z.array(
      z.strictObject({
        name: z.string().min(1),
        timeUnixNano: nanos,
        attributes,
        droppedAttributesCount: count,
      }),
    ),
    droppedEventsCount: count,
    links: z.array(
      z.strictObject({
        traceId: hexOf(32),
        spanId: hexOf(16),
        traceState: z.string().optional(),
        attributes,
        droppedAttributesCount: count,
        flags: count,
      }),
    ),
    droppedLinksCount: count,
    status: z.strictObject({
      code: z.union([z.literal(0), z.literal(1), z.literal(2)]),
      message: z.string().optional(),
    }),
  })
  .refine(
    ({ startTimeUnixNano, endTimeUnixNano }) => BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano),
    'a span ends after it begins',
  )
  .refine(({ status }) => status.message === undefined || status.code === 2, 'only errors have words');

/** What a collector is sent in one request. */
export const OtlpTraces = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({
          attributes,
          droppedAttributesCount: count,
          schemaUrl: z.string().optional(),
        }),
        scopeSpans: z
          .array(
            z.strictObject({
              scope: z.strictObject({ name: z.string().min(1), version: z.string().optional() }),
              spans: z.array(OtlpSpan).min(1),
              schemaUrl: z.url().optional(),
            }),
          )
          .min(1),
        schemaUrl: z.url().optional(),
      }),
    )
    .min(1),
});

/** A span as a backend would show it. */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly links: readonly string[];
  readonly events: readonly string[];
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export const spansOf = (document: z.infer<typeof OtlpTraces>): readonly SeenSpan[] =>
  document.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId,
        name: span.name,
        startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
        endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
        failed: span.status.code === 2,
        links: span.links.map(({ spanId }) => spanId),
        events: span.events.map(({ name }) => name),
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? '']),
        ),
      })),
    ),
  );

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: SeenSpan[];
  /** What was wrong with what came. */
  readonly faults: string[];
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

/** `deaf` takes connections and never answers; `busy` refuses everything for now. */
export const startCollector = async (mood: 'well' | 'deaf' | 'busy' = 'well'): Promise<Collector> => {
  const spans: SeenSpan[] = [];
  const faults: string[] = [];
  let requests = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    if (mood === 'deaf') return;
    const fault = mood === 'busy' ? undefined : await read(request, spans);
    if (fault !== undefined) faults.push(fault);
    const status = mood === 'busy' ? 503 : fault === undefined ? 200 : 400;
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    faults,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const read = async (request: IncomingMessage, spans: SeenSpan[]): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method !== 'POST') return `a ${request.method}`;
  if (request.url !== '/v1/traces') return `the path ${request.url}`;
  if (request.headers['content-type'] !== 'application/json') return 'no JSON';
  const parsed = OtlpTraces.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  if (!parsed.success) return z.prettifyError(parsed.error);
  const fresh = spansOf(parsed.data);
  const known = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  spans.push(...fresh);
  const twice = fresh.find(({ traceId, spanId }) => known.has(`${traceId} ${spanId}`));
  return twice && `span ${twice.name} came twice`;
};
