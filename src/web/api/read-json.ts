import type { z } from 'zod';
import { ProblemError } from '../problem.ts';
import type { WebContext } from '../web-deps.ts';
import { checkBody } from './body-words.ts';

/** Bytes of a request body. */
export const BODY_MAX = 256 * 1024;

/** The body as JSON. A page cannot send this media type to another origin without asking first, and nobody allows it. */
const readJson = async (c: WebContext, text: Text): Promise<unknown> => {
  const media = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (media !== 'application/json') {
    throw new ProblemError(415, 'unsupported_media_type', 'Send application/json.');
  }
  const bytes = await c.req.arrayBuffer();
  const checked = (key: string, value: unknown): unknown => {
    // Whatever reads the body further would pass over it in silence.
    if (key === '__proto__') throw invalidBody(['__proto__: no field can be called like this']);
    for (const each of [key, value]) if (typeof each === 'string') checkText(each, text);
    return value;
  };
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), checked) as unknown; // JSON.parse says any
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof RangeError))
      throw cause;
    throw new ProblemError(400, 'malformed_json', 'The body is not well-formed JSON in UTF-8.');
  }
};

/** `storable` refuses what a database cannot keep; `typed` lets everything through that a person could type. */
type Text = 'storable' | 'typed';

const checkText = (text: string, wanted: Text): void => {
  // Half a surrogate pair cannot be written as UTF-8: it would change on its way.
  if (!text.isWellFormed()) throw new SyntaxError('half a surrogate pair');
  if (wanted === 'storable' && text.includes('\u0000')) {
    throw new ProblemError(400, 'nul_character', 'No text may contain the character U+0000.');
  }
};

/** The body in the shape of a schema; every deviation is named. */
export const readBody = async <S extends z.ZodObject>(
  c: WebContext,
  schema: S,
  text: Text = 'storable',
): Promise<z.output<S>> => {
  const checked = checkBody(schema, await readJson(c, text));
  if (checked.ok) return checked.value;
  throw invalidBody(checked.problems);
};

export const invalidBody = (problems: readonly string[]): ProblemError =>
  new ProblemError(400, 'invalid_body', problems.join(' · '), { problems });
