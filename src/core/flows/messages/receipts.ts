import type { Inbound } from '../../ports/channel.ts';
import type { Once } from '../../ports/commit.ts';
import type { ReachChange } from '../../ports/reach.ts';
import { type Amendment, amend } from '../runs/amend.ts';
import { consents, optedOut } from './consent.ts';
import type { Handled, Rooms } from './heard.ts';

type ReceiptIn = Extract<Inbound, { kind: 'receipt' }>;

/** A provider says how far a message has come, or that nobody there wants any more of them. */
export const takeReceipt = async (rooms: Rooms, receipt: ReceiptIn, once: Once): Promise<Handled> => {
  const { store, observe } = rooms;
  const done = await amend(store, () => judge(rooms, receipt), { once });
  if (done !== 'seen_before' && (receipt.state === 'undelivered' || receipt.state === 'failed')) {
    const { address, state, error = 'no code' } = receipt;
    observe({ kind: 'outbox_dead', address, reason: `${state} (${error})` });
  }
  return {
    outcome: done === 'seen_before' ? done : 'committed',
    intent: receipt.kind,
    dispatched: false,
    outbound: [],
  };
};

const judge = async ({ store }: Rooms, receipt: ReceiptIn): Promise<Amendment> => {
  const { channel, messageId, address, state, error } = receipt;
  const change: ReachChange = {
    kind: 'receipt',
    channel,
    messageId,
    address,
    state,
    ...(error === undefined ? {} : { error }),
  };
  if (receipt.optedOut !== true) return { said: { lines: [] }, upkeep: [change] };
  const withdrawn = await consents(store, optedOut(address))();
  return { ...withdrawn, upkeep: [change, ...(withdrawn.upkeep ?? [])] };
};
