import { sendPending } from '../core/flows/messages/send-pending.ts';
import type { Address, IMessageSender } from '../core/ports/channel.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { IOutbox, IRunRepository, Outgoing, Settlement } from '../core/ports/store.ts';
import { PRIORITY } from '../core/text/grammar/draft.ts';
import { limited, rest } from '../loops/rest.ts';
import { pacerOf, windowsOf } from './pace.ts';
import type { Pauses } from './pauses.ts';

export interface DeskParts {
  readonly outbox: Pick<IOutbox, 'pauseLane' | 'readdress' | 'suspend'>;
  readonly senders: readonly IMessageSender[];
  readonly outputs?: Pick<IRunRepository, 'output'>;
  readonly onOptedOut?: (address: Address) => Promise<unknown>;
  readonly now: () => Promise<number>;
  readonly chance: () => number;
  readonly observe: Observe;
  readonly pauses: Pauses;
  readonly times: { readonly sendMs: number; readonly holdMs: number; readonly progressMs: number };
  /** Aborts what is still on its way at the very end. */
  readonly ending: AbortSignal;
}

/** One message at a time of each lane comes here; it leaves at its channel's pace, or goes back with a later date. */
export const createDesk = (parts: DeskParts): ((outgoing: Outgoing) => Promise<Settlement>) => {
  const { outbox, now, pauses, times, ending } = parts;
  const slotOf = slots(parts);
  const pauseLane: IOutbox['pauseLane'] = async (address, until) => {
    pauses.laneWasPaused(channelOf(address), address, until, await now());
    await outbox.pauseLane(address, until);
  };
  const send = sendPending({
    outbox: { pauseLane, readdress: outbox.readdress, suspend: outbox.suspend },
    now,
    chance: parts.chance,
    observe: parts.observe,
    pauseChannel: pauses.pause,
    ...(parts.onOptedOut === undefined ? {} : { onOptedOut: parts.onOptedOut }),
    ...(parts.outputs === undefined ? {} : { outputs: parts.outputs }),
  });
  return async (outgoing) => {
    const { outboxId, until, address } = outgoing;
    const sender = parts.senders.find(({ channel }) => channel === channelOf(address));
    if (sender === undefined) return { outboxId, until, k: 'dead', error: 'this channel is not set up' };
    const at = await now();
    const slot = slotOf(outgoing, at);
    if (slot - at > times.holdMs) return putBack(outgoing, slot, 'pace');
    if (slot > at) await rest(slot - at, ending);
    if (ending.aborted) return putBack(outgoing, at, 'stopping');
    const settled = await limited(times.sendMs, ending, (signal) => send(outgoing, sender, signal));
    if (settled.k === 'sent') pauses.reached(sender.channel);
    return settled;
  };
};

export const channelOf = (address: Address): string => address.slice(0, address.indexOf(':'));

const putBack = ({ outboxId, until }: Outgoing, at: number, error: string): Settlement => ({
  outboxId,
  until,
  k: 'later',
  at,
  attempt: false,
  ambiguous: false,
  error,
});

/** When this message may go. A moment that will be waited for is taken; a later one is only named. */
const slots = ({ senders, pauses, times }: DeskParts) => {
  const pacers = new Map(senders.map(({ channel, caps }) => [channel, pacerOf(caps.pace)]));
  const progressOf = windowsOf([1, times.progressMs]);
  return (outgoing: Outgoing, at: number): number => {
    const { address } = outgoing;
    const channel = channelOf(address);
    const pacer = pacers.get(channel) ?? pacerOf(undefined);
    const progress = isProgress(outgoing)
      ? progressOf(`${address} ${outgoing.draft.runId ?? ''}`)
      : undefined;
    const slot = Math.max(pacer.earliest(address, at), pauses.until(channel, at), progress?.free() ?? at);
    if (slot - at > times.holdMs) return slot;
    pacer.book(address, slot);
    progress?.take(slot);
    return slot;
  };
};

/** An edit that only shows that a run moves on: it may wait, and a newer one replaces it meanwhile. */
const isProgress = ({ draft, cardMessageId }: Outgoing): boolean =>
  draft.content.kind === 'card' && cardMessageId !== undefined && draft.priority === PRIORITY.progress;
