import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ask, readJson } from './instance.ts';
import { Stop } from './voice/stop.ts';

export interface DevDoor {
  /** Says something as somebody; answers with what came back at once. */
  readonly say: (from: string, body: string) => Promise<readonly DevMessage[]>;
  readonly close: () => Promise<void>;
}

export interface DevMessage {
  readonly key: string;
  readonly body: string;
}

interface DevDoorOptions {
  readonly server: string;
  readonly conversation: string;
  /** What the instance says later: results, reminders. */
  readonly onMessage: (message: DevMessage) => void;
}

/** The dev door of a running instance, over HTTP. */
export const openDevDoor = async (options: DevDoorOptions): Promise<DevDoor> => {
  const { server, conversation } = options;
  await assertAnswers(server);
  const closing = new AbortController();
  // From now on: what was said before somebody sat down is old.
  const start = await position(options, closing.signal);
  const listening = start === undefined ? Promise.resolve() : listen(options, start, closing.signal);
  return {
    say: async (from, body) => {
      const response = await ask(server, '/dev/inbound', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from, conversation, body }),
      });
      const answer = await readJson(response, Answer);
      return answer.outbound.map((message) => ({ key: message.idempotencyKey, body: message.body }));
    },
    close: async () => {
      closing.abort();
      await listening;
    },
  };
};

const Answer = z.object({
  outbound: z.array(z.object({ body: z.string(), idempotencyKey: z.string() })).default([]),
});
const Position = z.union([z.string(), z.number()]).transform(String);
const Later = z.object({
  outbound: z.array(z.object({ id: Position, body: z.string(), idempotencyKey: z.string() })).default([]),
  after: Position,
});

const assertAnswers = async (server: string): Promise<void> => {
  const response = await ask(server, '/health/live', { signal: AbortSignal.timeout(ANSWER_MS) });
  await response.body?.cancel();
};

const ANSWER_MS = 5_000;
const PAUSE_MS = 1_000;

/** Where the stream of messages stands now; undefined when this server does not offer one. */
const position = async (options: DevDoorOptions, signal: AbortSignal): Promise<string | undefined> => {
  const response = await ask(options.server, outboundPath(options.conversation, undefined), { signal });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  return (await readJson(response, Later)).after;
};

const listen = async (options: DevDoorOptions, from: string, signal: AbortSignal): Promise<void> => {
  let after = from;
  while (!signal.aborted) {
    try {
      const began = performance.now();
      const response = await ask(options.server, outboundPath(options.conversation, after), { signal });
      const later = await readJson(response, Later);
      for (const { body, idempotencyKey } of later.outbound) options.onMessage({ key: idempotencyKey, body });
      after = later.after;
      // A server that answers at once instead of holding the request must not be asked without pause.
      if (later.outbound.length === 0 && performance.now() - began < PAUSE_MS) await breath(signal);
    } catch (error) {
      if (signal.aborted) return;
      // A server that restarts is asked again; what is said meanwhile complains for itself.
      if (!(error instanceof Stop)) throw error;
      await breath(signal);
    }
  }
};

const breath = async (signal: AbortSignal): Promise<void> => {
  await pause(PAUSE_MS, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

const outboundPath = (conversation: string, after: string | undefined): string => {
  const query = new URLSearchParams({ conversation, ...(after !== undefined && { after }) });
  return `/dev/outbound?${query.toString()}`;
};
