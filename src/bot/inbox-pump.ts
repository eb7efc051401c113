import { type Handled, handledAs } from '../core/flows/messages/heard.ts';
import type { IMessageSender, Inbound } from '../core/ports/channel.ts';
import type { Once, PendingInbound } from '../core/ports/commit.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { IInbox } from '../core/ports/store.ts';
import { type Backoff, pauseMs } from '../core/time/backoff.ts';
import { RETRIES } from '../core/time/retries.ts';
import { type Loop, owedOf, type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { rest } from '../loops/rest.ts';
import { workingOn } from '../loops/scope.ts';

export interface PumpParts {
  readonly inbox: Pick<IInbox, 'claim' | 'fail' | 'release'>;
  /** Different for every process and every start. */
  readonly owner: string;
  readonly handle: (inbound: Inbound, once: Once) => Promise<Handled>;
  readonly senderOf: (channel: string) => IMessageSender | undefined;
  readonly observe: Observe;
  readonly now: () => Promise<number>;
  readonly times?: Partial<PumpTimes>;
  readonly pulse?: Pulse;
  /** Whether there may be something to do; see `startLoop`. */
  readonly owed?: () => Promise<boolean>;
}

export interface PumpTimes {
  readonly idleMs: number;
  /** Lanes handled at the same time; what commits together shares a transaction. */
  readonly lanesMax: number;
  /** After that long another process may take a message for one whose owner is gone. */
  readonly leaseMs: number;
  readonly retry: Backoff & { readonly triesMax: number };
}

/** Of a message that has just come in as well as of one that was claimed. */
export const MESSAGE_LEASE_MS = 5000;

const TIMES: PumpTimes = {
  idleMs: 1000,
  lanesMax: 64,
  leaseMs: MESSAGE_LEASE_MS,
  retry: RETRIES.inbound,
};

/**
 * Handles what the inbox holds: the oldest message of every lane that is free, one at a time within a lane, also when
 * several processes do so: only the oldest is ever handed out. A message that fails is put off and holds up its own lane
 * only; after its last try it becomes a dead letter.
 */
export const startInboxPump = (parts: PumpParts): Loop => {
  const { inbox, now, observe, owner } = parts;
  const times = { ...TIMES, ...parts.times };
  const stopping = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const answers = new Set<Promise<void>>();
  const onHandled = (inbound: Inbound, handled: Handled): void => {
    const answer = answerPress(parts, inbound, handled.answer).finally(() => answers.delete(answer));
    answers.add(answer);
  };
  const work = async (pending: PendingInbound): Promise<void> => {
    const { inbound } = pending;
    try {
      const handled = await handleOne(parts, pending);
      onHandled(inbound, handled);
    } catch (error) {
      const after = await putOff(parts, times, pending, error, stopping.signal);
      if (after === 'dead' && inbound.kind === 'button') onHandled(inbound, NOT_HANDLED);
    }
  };
  const tick = async (): Promise<'busy' | 'idle'> => {
    const limit = times.lanesMax - lanes.size;
    if (limit <= 0) return 'idle';
    const at = await now();
    const busy = [...lanes.keys()];
    const heads = await inbox.claim({ owner, busy, limit, at, until: at + times.leaseMs });
    for (const pending of heads) {
      const { lane } = pending.inbound;
      const done = workingOn(scopeOf(pending), () => work(pending)).finally(() => {
        lanes.delete(lane);
        loop.nudge();
      });
      lanes.set(lane, done);
    }
    return 'idle';
  };
  const loop = startLoop({
    name: 'inbox pump',
    idleMs: times.idleMs,
    observe,
    tick,
    ...pulseOf(parts),
    ...owedOf(parts),
  });
  return {
    nudge: loop.nudge,
    stop: async () => {
      stopping.abort();
      await loop.stop();
      await Promise.all(lanes.values());
      await inbox.release(owner, await now());
      await Promise.all(answers);
    },
  };
};

const scopeOf = ({ inbound, receivedAt }: PendingInbound) => ({ actor: actorOf(inbound), receivedAt });

/** As the history names whoever is behind it; news of a channel are nobody's. */
const actorOf = (inbound: Inbound): string =>
  'from' in inbound ? `user:${inbound.from.identity}` : `system:${inbound.channel}`;

const handleOne = async (
  { handle, observe, now }: PumpParts,
  { inbound, inboxId }: PendingInbound,
): Promise<Handled> => {
  if (inbound.kind === 'unreadable') throw new Unreadable(inbound.reason);
  const began = await now();
  const handled = await handle(inbound, { kind: 'mark', inboxId });
  const { channel } = inbound;
  if (handled.outcome === 'seen_before') {
    observe({ kind: 'message_duplicate', channel });
    return handled;
  }
  // The clock of the database may be set back meanwhile.
  const tookMs = Math.max(0, (await now()) - began);
  observe({ ...handledAs(channel, handled), actor: actorOf(inbound), tookMs });
  return handled;
};

/** What no schema reads will not become readable by trying again. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const putOff = async (
  { inbox, observe, now, owner }: PumpParts,
  times: PumpTimes,
  { inboxId, inbound, attempts }: PendingInbound,
  error: unknown,
  stopping: AbortSignal,
): Promise<'again' | 'dead'> => {
  const { channel } = inbound;
  const tries = attempts + 1;
  const hopeless = error instanceof Unreadable || tries >= times.retry.triesMax;
  if (error instanceof Unreadable) {
    observe({ kind: 'message_unreadable', channel, reason: error.message });
  } else {
    const gaveUp = hopeless ? { gaveUp: true as const } : {};
    observe({ kind: 'message_failed', channel, inboxId, attempts: tries, error, ...gaveUp });
  }
  const delayMs = pauseMs(times.retry, tries);
  try {
    const next = hopeless
      ? ({ kind: 'dead' } as const)
      : ({ kind: 'again', at: (await now()) + delayMs } as const);
    await inbox.fail({ inboxId, owner, error: wordsOf(error), next });
    return next.kind;
  } catch (fault) {
    observe({ kind: 'loop_faulted', loop: 'inbox pump', error: fault });
    // The row could not be put off, so the lane rests here instead: it would come back at once.
    await rest(delayMs, stopping);
    return 'again';
  }
};

const WORDS_MAX = 500;

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, WORDS_MAX);

const NOT_HANDLED: Handled = {
  outcome: 'committed',
  intent: 'Unknown',
  dispatched: false,
  outbound: [],
  answer: { text: 'I could not handle this. Look at the run before you press again.', alert: true },
};

/** After the commit and never a condition for it: the card shows the outcome in any case. */
const answerPress = async (
  { senderOf, observe }: PumpParts,
  inbound: Inbound,
  answer: Handled['answer'] = { text: '', alert: false },
): Promise<void> => {
  if (inbound.kind !== 'button') return;
  try {
    await senderOf(inbound.channel)?.answerPress(inbound.press.pressId, answer);
  } catch (error) {
    observe({ kind: 'loop_faulted', loop: 'answers to presses', error });
  }
};
