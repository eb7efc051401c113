import type { Delivered, Delivery, IMessageSender } from '../../ports/channel.ts';
import type { Observe } from '../../ports/observe.ts';
import type { IOutbox, IRunRepository, Outgoing, Settlement } from '../../ports/store.ts';
import { type Draft, keptOf } from '../../text/grammar/draft.ts';
import { storedText } from '../../text/ops/log-document.ts';
import { pauseMs } from '../../time/backoff.ts';
import type { Instant } from '../../time/instant.ts';
import { RETRIES } from '../../time/retries.ts';

export interface SendDeps {
  readonly outbox: Pick<IOutbox, 'pauseLane' | 'readdress' | 'suspend'>;
  readonly now: () => Promise<Instant>;
  /** In [0,1). */
  readonly chance: () => number;
  readonly observe: Observe;
  /** Where what a message attaches is read; absent where nothing is attached. */
  readonly outputs?: Pick<IRunRepository, 'output'>;
  /** Whoever is there wants no messages any more; that is kept, and nobody counts on them from then on. */
  readonly onOptedOut?: (address: string) => Promise<unknown>;
  /** Nothing may go out on this channel before `until`. */
  readonly pauseChannel: (channel: string, until: Instant) => void;
}

/** Added by chance to every pause that a provider asked for, so that lanes do not come back together. */
const PAUSE_JITTER_MS = 2000;

/**
 * Sends one message once and says how its row is to be settled. What its outcome means for the rest of the conversation
 * is stored before that, so that the next message of the lane cannot slip through.
 */
export const sendPending =
  (deps: SendDeps) =>
  async (outgoing: Outgoing, sender: IMessageSender, signal: AbortSignal): Promise<Settlement> => {
    const began = await deps.now();
    const document = await documentOf(deps, outgoing.draft);
    const delivered =
      document === 'gone'
        ? ({ k: 'dead', suspend: false, reason: 'the output is not stored any more' } as const)
        : await deliver({ ...deliveryOf(outgoing), ...document }, sender, signal);
    const at = await deps.now();
    const settlement = await settle(deps, outgoing, sender.channel, delivered, at);
    // The clock of the database may be set back meanwhile.
    report(deps.observe, outgoing, settlement, Math.max(0, at - began));
    return withoutSecret(settlement, outgoing.draft);
  };

/** A card that was sent before is edited, and so is a message that says so; only a first sending is threaded under something. */
export const deliveryOf = ({ draft, address, cardMessageId }: Outgoing): Delivery => {
  const { key, runId, content, replyTo, edits, onlyFor, form } = draft;
  const basics = {
    address,
    content,
    key,
    correlationId: runId ?? key,
    ...(runId === undefined ? {} : { runId }),
    ...(onlyFor === undefined ? {} : { onlyFor }),
    ...(form === undefined ? {} : { form }),
  };
  if (content.kind === 'card' && cardMessageId !== undefined) return { ...basics, edits: cardMessageId };
  if (edits !== undefined) return { ...basics, edits };
  if (replyTo === undefined) return basics;
  const under = 'card' in replyTo ? cardMessageId : replyTo.messageId;
  return under === undefined ? basics : { ...basics, replyTo: under };
};

/** Larger than everything that is ever stored of an output; a provider may take more. */
const DOCUMENT_MAX = 1_000_000;

/** Read now and not when it was written down, so that an output stands in one place only. */
const documentOf = async (
  { outputs }: SendDeps,
  { attaches }: Draft,
): Promise<Pick<Delivery, 'document'> | 'gone'> => {
  if (attaches === undefined) return {};
  const stored = await outputs?.output(attaches.runId, attaches);
  if (stored === undefined) return 'gone';
  return { document: { name: attaches.name, text: storedText(stored).slice(-DOCUMENT_MAX) } };
};

type Outcome = Exclude<Delivered, { k: 'resend_new' }>;

/** What nobody will send again need not be kept word for word. */
const withoutSecret = (settlement: Settlement, draft: Draft): Settlement =>
  draft.secret === true && settlement.k !== 'later' ? { ...settlement, kept: keptOf(draft) } : settlement;

const deliver = async (delivery: Delivery, sender: IMessageSender, signal: AbortSignal): Promise<Outcome> => {
  const delivered = await tried(sender, delivery, signal);
  if (delivered.k !== 'resend_new') return delivered;
  const { edits: _, ...anew } = delivery;
  const second = await tried(sender, anew, signal);
  return second.k === 'resend_new'
    ? { k: 'dead', suspend: false, reason: 'a new message was answered like an edit' }
    : second;
};

/** Nobody knows how far a sender came that threw. */
const tried = async (sender: IMessageSender, delivery: Delivery, signal: AbortSignal): Promise<Delivered> => {
  try {
    return await sender.deliver(delivery, signal);
  } catch (error) {
    return { k: 'retry', ambiguous: true, reason: error instanceof Error ? error.name : 'a fault' };
  }
};

const settle = async (
  deps: SendDeps,
  outgoing: Outgoing,
  channel: string,
  delivered: Outcome,
  at: Instant,
): Promise<Settlement> => {
  const { outboxId, until, address } = outgoing;
  const later = { outboxId, until, k: 'later', attempt: false, ambiguous: false } as const;
  switch (delivered.k) {
    case 'sent': {
      const { messageId } = delivered;
      return { outboxId, k: 'sent', ...(messageId === undefined ? {} : { messageId }) };
    }
    case 'pause': {
      const jitterMs = Math.floor(deps.chance() * PAUSE_JITTER_MS);
      const over = at + delivered.ms + jitterMs;
      if (delivered.scope === 'all') deps.pauseChannel(channel, over);
      else await deps.outbox.pauseLane(address, over);
      return { ...later, at: over, error: `paused (${delivered.scope})` };
    }
    case 'readdress':
      await deps.outbox.readdress(address, delivered.to, at);
      return { ...later, at, error: 'the conversation has moved' };
    case 'retry':
      return again(outgoing, delivered, at, deps.chance());
    case 'dead':
      if (delivered.optedOut === true) await deps.onOptedOut?.(address);
      if (delivered.suspend) await deps.outbox.suspend(address, delivered.reason, at);
      return { outboxId, until, k: 'dead', error: delivered.reason };
  }
};

const again = (
  { outboxId, until, attempts, ambiguous: lost }: Outgoing,
  { ambiguous, reason }: Extract<Delivered, { k: 'retry' }>,
  at: Instant,
  chance: number,
): Settlement => {
  const lostMax = RETRIES.sendAgain.triesMax - 1;
  if (ambiguous && lost >= lostMax) return { outboxId, until, k: 'dead', error: `ambiguous: ${reason}` };
  if (attempts + 1 >= RETRIES.send.triesMax)
    return { outboxId, until, k: 'dead', error: `gave up: ${reason}` };
  const delayMs = pauseMs(ambiguous ? RETRIES.sendAgain : RETRIES.send, attempts + 1, chance);
  return { outboxId, until, k: 'later', at: at + delayMs, attempt: true, ambiguous, error: reason };
};

const report = (observe: Observe, outgoing: Outgoing, settlement: Settlement, tookMs: number): void => {
  const { address, draft, attempts } = outgoing;
  const { kind: content } = draft.content;
  const about = { address, content, ...(draft.runId === undefined ? {} : { runId: draft.runId }) };
  const send = { key: draft.key, tries: attempts + 1, tookMs };
  switch (settlement.k) {
    case 'sent':
      return observe({ kind: 'outbox_sent', ...about, send });
    case 'later': {
      const { error: reason, ambiguous } = settlement;
      return observe({ kind: 'outbox_later', ...about, reason, ambiguous, send });
    }
    case 'dead':
      return observe({ kind: 'outbox_dead', ...about, reason: settlement.error, send });
  }
};
