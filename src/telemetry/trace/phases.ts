import { phaseTraceOf, spanIdOf } from './ids.ts';
import type { Span } from './span.ts';

/** `one`: a run is one trace, however long people think. `linked`: for backends that cut traces which last for hours. */
export type TraceMode = 'one' | 'linked';

/**
 * The same span where every phase of a run is a trace of its own: the request, each decision, each attempt with its dispatch
 * and its process, each try to send. What begins a phase links to the request, and to what it goes on from.
 */
export const inPhase = (span: Span): Span => {
  const { traceId, phase, links } = span;
  if (phase === undefined) return span;
  const { head, parentId, from } = phase;
  const { parentId: _, ...rest } = span;
  const own = { ...rest, traceId: phaseTraceOf(traceId, head) };
  if (parentId !== undefined) return { ...own, parentId, links: [] };
  const request = { traceId, spanId: spanIdOf(traceId, 'root') };
  // An attempt links to the one before, a try to the try before: each is the head of its phase.
  const before = links.map(({ spanId }) => ({ traceId: phaseTraceOf(traceId, spanId), spanId }));
  return { ...own, links: [request, ...(from === undefined ? [] : [from]), ...before] };
};
