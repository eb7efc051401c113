import type { Handled } from '../core/flows/messages/heard.ts';
import type { IMessageSender, Inbound } from '../core/ports/channel.ts';
import { parse } from '../core/text/grammar/parse.ts';
import { downLines } from '../core/text/ops/down-words.ts';

export interface MemoryParts {
  readonly profile: string;
  readonly senderOf: (address: string) => IMessageSender | undefined;
  /** Milliseconds since 1970, by this machine: the store cannot be asked. */
  readonly now: () => number;
}

export interface Memory {
  readonly stored: () => void;
  /** Remembers whom the rules took for somebody. */
  readonly handled: (inbound: Inbound, handled: Handled) => void;
  /** Nothing of it could be stored, and its provider will bring it again. */
  readonly failed: (batch: readonly Inbound[], error: unknown) => Promise<void>;
}

const REMEMBERED_MAX = 1000;
const SEND_MS = 10_000;

/**
 * While the database cannot be read nothing is stored, so nothing is confirmed, decided or started. One question is answered
 * all the same: whoever asks how things are learns it, once for each message however often it comes again, and only if the
 * rules knew them since this process began. When the database is back the message is handled like every other one.
 */
export const createMemory = ({ profile, senderOf, now }: MemoryParts): Memory => {
  const known = boundedSet();
  const answered = boundedSet();
  let lastGoodAt = now();
  let failingSince: number | undefined;
  const stored = (): void => {
    lastGoodAt = now();
    failingSince = undefined;
  };
  const answer = async (inbound: Asked, fault: string): Promise<void> => {
    const { address, account, eventKey, channel, messageId } = inbound;
    const key = `${channel} ${account} ${eventKey}`;
    if (!known.has(inbound.from.identity) || answered.has(key)) return;
    answered.add(key);
    const at = now();
    const lines = downLines({ profile, fault, forMs: at - (failingSince ?? at), lastGoodAt });
    const content = { kind: 'note', note: { lines, actions: [] } } as const;
    const delivery = { address, content, replyTo: messageId, correlationId: eventKey, key: `down:${key}` };
    await senderOf(address)?.deliver(delivery, AbortSignal.timeout(SEND_MS));
  };
  return {
    stored,
    handled: (inbound, { refusal, intent }) => {
      // Whoever asks to be linked is heard, and so are the words that a carrier acts on, whoever sends them.
      const fromAnybody = intent === 'Link' || (inbound.kind === 'text' && inbound.keyword !== undefined);
      if ('from' in inbound && refusal === undefined && !fromAnybody) known.add(inbound.from.identity);
    },
    failed: async (batch, error) => {
      failingSince ??= now();
      const fault = error instanceof Error && 'fault' in error ? String(error.fault) : 'other';
      // Best effort, like everything that no row stands behind.
      await Promise.allSettled(batch.filter(asksHowThingsAre).map((inbound) => answer(inbound, fault)));
    },
  };
};

type Asked = Extract<Inbound, { kind: 'text' }>;

const asksHowThingsAre = (inbound: Inbound): inbound is Asked => {
  if (inbound.kind !== 'text' || !inbound.addressed || inbound.disqualified !== undefined) return false;
  const intent = parse(inbound.text);
  return intent.type === 'Ops' && intent.page === undefined;
};

/** A Set keeps the order of insertion, so the oldest comes first. */
const boundedSet = () => {
  const kept = new Set<string>();
  return {
    has: (key: string): boolean => kept.has(key),
    add: (key: string): void => {
      kept.delete(key);
      kept.add(key);
      if (kept.size > REMEMBERED_MAX) for (const oldest of [...kept].slice(0, 1)) kept.delete(oldest);
    },
  };
};
