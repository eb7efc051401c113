import type { Caller } from '../../core/runs/run.ts';

/**
 * The caller's span of a W3C `traceparent`. As the standard wants it, what is not one counts as absent and is no reason to
 * refuse a request, and of a later version the beginning is read.
 */
export const readTraceparent = (header: string | undefined): Caller | undefined => {
  const [, version, traceId = '', spanId = '', rest = ''] = FORM.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== '')) return undefined;
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? undefined : { traceId, spanId };
};

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const ZEROS = /^0+$/;
