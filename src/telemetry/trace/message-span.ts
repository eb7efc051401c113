import { randomBytes } from 'node:crypto';
import type { Observation } from '../../core/ports/observe.ts';
import { spanIdOf } from './ids.ts';
import { ATTRIBUTE } from './names.ts';
import type { Span } from './span.ts';

/** A message that changed no run: in the trace of the run that it asked about, otherwise in one of its own. */
export const messageSpan = (
  { channel, intent, actor, runId, tookMs }: Extract<Observation, { kind: 'message_handled' }>,
  traceId: string | undefined,
  endMs: number,
): Span => ({
  ...placeOf(traceId, randomBytes(8).toString('hex')),
  name: `process ${intent}`,
  kind: 'consumer',
  startMs: endMs - tookMs,
  endMs,
  attributes: {
    [ATTRIBUTE.system]: channel,
    [ATTRIBUTE.operation]: 'process',
    [ATTRIBUTE.intent]: intent,
    ...(actor === undefined ? {} : { [ATTRIBUTE.actor]: actor }),
    ...(runId === undefined ? {} : { [ATTRIBUTE.runId]: runId }),
  },
  links: [],
  events: [],
});

const placeOf = (
  traceId: string | undefined,
  spanId: string,
): Pick<Span, 'traceId' | 'spanId' | 'parentId' | 'phase'> =>
  traceId === undefined
    ? { traceId: randomBytes(16).toString('hex'), spanId }
    : { traceId, spanId, parentId: spanIdOf(traceId, 'root'), phase: { head: spanId } };
