import { formatDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';
import { ATTRIBUTE } from './names.ts';
import type { Span } from './span.ts';

/**
 * `├─ process approve        14:02:41.007  +21ms  consumer  textops.decision=approved …`: who caused what, in the order of time.
 * Whatever has no parent among the spans stands at the left.
 */
export const treeLines = (spans: readonly Span[]): readonly string[] => {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentId }) =>
    parentId !== undefined && known.has(parentId) ? parentId : '',
  );
  const rows = below('', '', children);
  const width = Math.max(0, ...rows.map(({ label }) => label.length));
  return rows.map(({ label, span }) => `${label.padEnd(width)}  ${detailsOf(span, spans)}`.trimEnd());
};

interface Row {
  readonly label: string;
  readonly span: Span;
}

const below = (
  parentId: string,
  indent: string,
  children: ReadonlyMap<string, readonly Span[]>,
): readonly Row[] => {
  const own = children.get(parentId) ?? [];
  return own.flatMap((span, index) => {
    const isLast = index === own.length - 1;
    const row = { label: `${indent}${isLast ? '└─ ' : '├─ '}${span.name}`, span };
    return [row, ...below(span.spanId, `${indent}${isLast ? '   ' : '│  '}`, children)];
  });
};

const detailsOf = (span: Span, spans: readonly Span[]): string => {
  const clock = isoOf(span.startMs).slice('2026-11-20T'.length, -1);
  const took = span.endMs > span.startMs ? `+${formatDuration(span.endMs - span.startMs)}` : '';
  const links = span.links.flatMap((link) => {
    if (link.traceId !== undefined) return [`link→trace ${link.traceId}`];
    const linked = spans.find(({ spanId }) => spanId === link.spanId);
    return linked === undefined ? [] : [`link→${linked.name}`];
  });
  const attributes = Object.entries(span.attributes).flatMap(([name, value]) =>
    UNTOLD.has(name) ? [] : [`${name}=${String(value)}`],
  );
  const parts = [...(span.error === undefined ? [] : ['ERROR']), ...links, ...attributes];
  return `${clock}  ${took.padEnd(8)}  ${span.kind.padEnd(8)}  ${parts.join('  ')}`;
};

/** The same on every line of a tree, or said by its name already. */
const UNTOLD: ReadonlySet<string> = new Set([
  ATTRIBUTE.runId,
  ATTRIBUTE.pipelineRun,
  ATTRIBUTE.job,
  ATTRIBUTE.pipeline,
  ATTRIBUTE.operation,
  ATTRIBUTE.destination,
  ATTRIBUTE.intent,
  ATTRIBUTE.attempt,
]);
