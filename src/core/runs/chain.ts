import type { Instant } from '../time/instant.ts';
import { canonical } from './canonical.ts';
import type { StoredEvent } from './event.ts';
import { sha256Hex } from './hash.ts';

/** The hash before the first event of every chain. */
export const GENESIS = '0'.repeat(64);

/** What a link covers: everything about an event, and the link before it. */
export const linkHash = (previous: string, event: Omit<StoredEvent, 'hash'>): string => {
  const { chain, seq, type, at, actor, payload } = event;
  return sha256Hex(`${previous}\n${canonical({ chain, seq, type, at, actor, payload })}`);
};

interface Unlinked {
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
  readonly payload: unknown;
}

/** Numbers the events on from `head` and chains each to the one before. */
export const link = (
  chain: string,
  head: { readonly seq: number; readonly hash: string },
  events: readonly Unlinked[],
): readonly StoredEvent[] => {
  const linked: StoredEvent[] = [];
  let previous = head.hash;
  for (const { type, at, actor, payload } of events) {
    const numbered = { chain, seq: head.seq + linked.length + 1, type, at, actor, payload };
    previous = linkHash(previous, numbered);
    linked.push({ ...numbered, hash: previous });
  }
  return linked;
};

export type ChainFault = 'gap' | 'hash';

/** The first event that does not fit, or undefined when the whole chain holds. Events come in order of `seq`. */
export const firstFault = (
  events: readonly StoredEvent[],
): { readonly seq: number; readonly fault: ChainFault } | undefined => {
  let previous = GENESIS;
  let expected = 1;
  for (const event of events) {
    if (event.seq !== expected) return { seq: expected, fault: 'gap' };
    if (linkHash(previous, event) !== event.hash) return { seq: event.seq, fault: 'hash' };
    previous = event.hash;
    expected += 1;
  }
  return undefined;
};
