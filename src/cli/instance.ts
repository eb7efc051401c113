import { z } from 'zod';
import { Stop } from './stop.ts';

/** Asks a running instance; one that does not answer ends the command with what to do about it. */
export const ask = async (server: string, path: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(new URL(path, server), init);
  } catch (error) {
    // An end that we asked for ourselves is no trouble of the server.
    if (init.signal?.aborted === true && init.signal.reason instanceof DOMException) {
      if (init.signal.reason.name === 'AbortError') throw error;
    }
    const hint = 'npx textops start runs one; --server names another.';
    throw new Stop({ code: 'SERVER_UNREACHABLE', message: `No TextOps answers at ${server}.`, hint }, error);
  }
};

/** What it answered, or its no as the end of the command. */
export const readJson = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  if (response.ok) return body;
  const refusal = Refusal.safeParse(body).data;
  const words = refusal?.detail ?? refusal?.title ?? 'no reason given';
  throw new Stop({ code: 'REFUSED', message: `The server refused (${response.status}): ${words}` });
};

const Refusal = z.object({ detail: z.string().optional(), title: z.string().optional() });
