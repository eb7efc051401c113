import type { MiddlewareHandler } from 'hono';
import { BODY_MAX } from './api/read-json.ts';
import { ProblemError } from './problem.ts';
import type { WebEnv } from './web-deps.ts';

/** So much of a body that is too large is read and thrown away, so that its sender can hear the answer. */
const DISCARD_MAX = 2 * 1024 * 1024;

/** Nothing larger than `BODY_MAX` reaches a route, whether its length was announced or not. */
export const limitBody: MiddlewareHandler<WebEnv> = async (c, next) => {
  const { raw } = c.req;
  if (raw.body === null) return next();
  const announced = Number(raw.headers.get('content-length') ?? 0);
  if (announced > DISCARD_MAX) throw tooLarge('hang up');
  const { bytes, total } = await readUpTo(raw.body);
  if (total > BODY_MAX) throw tooLarge(total > DISCARD_MAX ? 'hang up' : 'go on');
  const { method, headers, signal } = raw;
  c.req.raw = new Request(raw.url, { method, headers, signal, body: bytes });
  return next();
};

const readUpTo = async (
  body: ReadableStream<Uint8Array>,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly total: number }> => {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const reader = body.getReader();
  while (total <= DISCARD_MAX) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total <= BODY_MAX) pieces.push(value);
  }
  return { bytes: new Uint8Array(Buffer.concat(pieces)), total };
};

/** After a hang-up the rest of the body would be taken for the next request. */
const tooLarge = (then: 'hang up' | 'go on'): ProblemError =>
  new ProblemError(413, 'body_too_large', `A request may have at most ${BODY_MAX} bytes.`, {
    headers: then === 'hang up' ? { connection: 'close' } : {},
  });
