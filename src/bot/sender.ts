import type { IMessageSender } from '../core/ports/channel.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { IOutbox, IRunRepository, Outgoing } from '../core/ports/store.ts';
import { type Loop, owedOf, type Pulse, pulseOf, startLoop } from '../loops/loop.ts';
import { within } from '../loops/rest.ts';
import { workingOn } from '../loops/scope.ts';
import { createDesk } from './desk.ts';
import { createPauses } from './pauses.ts';
import { createSettler } from './settler.ts';

export interface SenderParts {
  readonly outbox: IOutbox;
  readonly senders: readonly IMessageSender[];
  /** Where outputs are read that messages attach; without it nothing is attached. */
  readonly outputs?: Pick<IRunRepository, 'output'>;
  /** Somebody said at the provider that they want no messages any more. */
  readonly onOptedOut?: (address: string) => Promise<unknown>;
  /** Whether this process is the one that speaks on the channel at present; always, unless said otherwise. */
  readonly speaksOn?: (channel: string) => boolean;
  readonly observe: Observe;
  readonly now: () => Promise<number>;
  /** Different for every process and every start. */
  readonly owner: string;
  readonly chance: () => number;
  readonly times?: Partial<SenderTimes>;
  readonly pulse?: Pulse;
  /** Whether there may be something to do; see `startLoop`. */
  readonly owed?: () => Promise<boolean>;
}

export interface SenderTimes {
  readonly idleMs: number;
  /** Messages on their way at the same time. */
  readonly inFlightMax: number;
  /** One send, its second tries included. */
  readonly sendMs: number;
  /** After that long another sender may take the message for one that was lost. */
  readonly leaseMs: number;
  /** A shorter wait for the pace is waited out; a longer one puts the message back. */
  readonly holdMs: number;
  /** Progress of one card is shown no more often than this. */
  readonly progressMs: number;
  readonly stopMs: number;
}

const TIMES: SenderTimes = {
  idleMs: 1000,
  inFlightMax: 64,
  sendMs: 20_000,
  leaseMs: 30_000,
  holdMs: 2000,
  progressMs: 5000,
  stopMs: 2000,
};

/** Whoever watched the outbox before there was a register of loops knew it by this name. */
const LOOP = 'outbound_default';

/** Takes what is owed to conversations out of the outbox and hands it to their channels, lane by lane. */
export const startSender = (parts: SenderParts): Loop => {
  const { now, observe, outbox, owner, senders, speaksOn = () => true } = parts;
  const times = { ...TIMES, ...parts.times };
  const ending = new AbortController();
  const pauses = createPauses(observe);
  const inFlight = new Set<Promise<void>>();
  const settler = createSettler({ outbox, owner, now, observe });
  const desk = createDesk({ ...parts, times, pauses, ending: ending.signal });
  const handOver = async (outgoing: Outgoing): Promise<void> => {
    try {
      await settler.add(await desk(outgoing));
    } catch (error) {
      // The database failed in the middle: the row stays as it is until its lease ends, and then counts as ambiguous.
      observe({ kind: 'loop_faulted', loop: LOOP, error });
    }
  };
  const tick = async (): Promise<'busy' | 'idle'> => {
    const limit = times.inFlightMax - inFlight.size;
    const at = await now();
    const channels = senders
      .map(({ channel }) => channel)
      .filter((name) => speaksOn(name) && pauses.until(name, at) <= at);
    if (limit <= 0 || channels.length === 0) return 'idle';
    const claimed = await outbox.claim({ owner, limit, at, until: at + times.leaseMs, channels });
    for (const outgoing of claimed) {
      const work = workingOn(scopeOf(outgoing), () => handOver(outgoing)).finally(() => {
        inFlight.delete(work);
        loop.nudge();
      });
      inFlight.add(work);
    }
    return claimed.length === limit ? 'busy' : 'idle';
  };
  const loop = startLoop({
    name: LOOP,
    idleMs: times.idleMs,
    observe,
    tick,
    ...pulseOf(parts),
    ...owedOf(parts),
  });
  const sent = async (): Promise<void> => void (await Promise.all(inFlight));
  return {
    nudge: loop.nudge,
    stop: async () => {
      await loop.stop();
      if (await within(times.stopMs, sent())) return;
      ending.abort();
      await within(ENDING_MS, sent());
      settler.giveUp();
    },
  };
};

const scopeOf = ({ draft: { runId } }: Outgoing) => ({
  actor: 'system:sender',
  ...(runId === undefined ? {} : { runId }),
});

/** For the last words of what had to be interrupted. */
const ENDING_MS = 1000;
