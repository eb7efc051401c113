import { z } from 'zod';
import { Stop } from './voice/stop.ts';

/** Asks a running instance; one that does not answer ends the command with what to do about it. */
export const ask = async (server: string, path: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(new URL(path, server), init);
  } catch (error) {
    // An end that we asked for ourselves is no trouble of the server.
    if (init.signal?.aborted === true && init.signal.reason instanceof DOMException) {
      if (init.signal.reason.name === 'AbortError') throw error;
    }
    throw noneOfOurs(server, error);
  }
};

/** What it answered, or its no as the end of the command; so is an answer that no instance of ours gives. */
export const readJson = async <T>(response: Response, schema: z.ZodType<T>): Promise<T> => {
  const body = await bodyOf(response);
  if (response.ok) {
    const answer = schema.safeParse(body);
    if (answer.success) return answer.data;
    throw noneOfOurs(new URL(response.url).origin, answer.error);
  }
  const refusal = Refusal.safeParse(body).data;
  const words = refusal?.detail ?? refusal?.title ?? 'no reason given';
  throw new Stop({ code: 'REFUSED', message: `The server refused (${response.status}): ${words}` });
};

/** Undefined for what is no JSON, and for what was cut off. */
const bodyOf = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
};

const noneOfOurs = (server: string, cause: unknown): Stop => {
  const hint = 'npx textops start runs one; --server names another.';
  return new Stop({ code: 'SERVER_UNREACHABLE', message: `No TextOps answers at ${server}.`, hint }, cause);
};

const Refusal = z.object({ detail: z.string().optional(), title: z.string().optional() });
