import type { Instant } from '../time/instant.ts';
import { canonical } from './canonical.ts';
import type { EventText, StoredEvent } from './event.ts';
import { sha256Hex } from './hash.ts';

/** The hash before the first event of every chain. */
export const GENESIS = '0'.repeat(64);

/**
 * What a link covers: the link before it, and the canonical text of everything about the event. Its keys stand here in
 * their order, so that whoever has the payload's canonical text already need not take it apart.
 */
const textHash = (previous: string, event: EventText): string => {
  const { chain, seq, type, at, actor, payload } = event;
  return sha256Hex(
    `${previous}\n{"actor":${canonical(actor)},"at":${canonical(at)},"chain":${canonical(chain)},` +
      `"payload":${payload},"seq":${canonical(seq)},"type":${canonical(type)}}`,
  );
};

export const linkHash = (previous: string, event: Omit<StoredEvent, 'hash'>): string =>
  textHash(previous, { ...event, payload: canonical(event.payload) });

/** An event before it has a place in a chain. */
export interface Unlinked {
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

/**
 * Whether an event follows on `previous`. Its payload is mostly stored in its canonical text; what was stored otherwise
 * is brought into it first.
 */
export const follows = (previous: string, event: EventText & { readonly hash: string }): boolean => {
  try {
    if (textHash(previous, event) === event.hash) return true;
    const payload = canonical(JSON.parse(event.payload));
    return payload !== event.payload && textHash(previous, { ...event, payload }) === event.hash;
  } catch {
    // What has no canonical text was never hashed by us: broken JSON, a number that is not whole.
    return false;
  }
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
