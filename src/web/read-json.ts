import type { z } from 'zod';
import { ProblemError } from './problem.ts';
import type { WebContext } from './web-deps.ts';

/** Bytes of a request body. */
export const BODY_MAX = 256 * 1024;

/** The body as JSON. A page cannot send this media type to another origin without asking first, and nobody allows it. */
export const readJson = async (c: WebContext): Promise<unknown> => {
  const media = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (media !== 'application/json') {
    throw new ProblemError(415, 'unsupported_media_type', 'Send application/json.');
  }
  const bytes = await c.req.arrayBuffer();
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), wellFormed) as unknown; // JSON.parse says any
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof RangeError))
      throw cause;
    throw new ProblemError(400, 'malformed_json', 'The body is not well-formed JSON in UTF-8.');
  }
};

/** Half a surrogate pair is no text: it cannot be stored as UTF-8, and would change on its way. */
const wellFormed = (key: string, value: unknown): unknown => {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed()))
    throw new SyntaxError('text');
  return value;
};

/** The body in the shape of a schema; every deviation is named. */
export const readBody = async <T>(c: WebContext, schema: z.ZodType<T>): Promise<T> => {
  const parsed = schema.safeParse(await readJson(c));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, PROBLEMS_MAX).map((issue) => {
    const where = issue.path.map(String).join('.').slice(0, 120);
    return `${where === '' ? 'body' : where}: ${issue.message.slice(0, 300)}`;
  });
  throw new ProblemError(400, 'invalid_body', problems.join(' · '), { problems });
};

const PROBLEMS_MAX = 10;
