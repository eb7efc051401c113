import type { Inbound } from '../../../src/core/ports/channel.ts';
import { NOBODY } from '../time/virtual-time.ts';
import { gone, type Passage } from './passage.ts';
import type { Program, World } from './world.ts';

/** Telegram's side of a poll: what came is kept until a later poll confirms it. */
export interface Update {
  readonly id: number;
  readonly inbound: Inbound;
}

export type Polled =
  | { readonly k: 'updates'; readonly updates: readonly Update[] }
  /** Somebody else polls, or nobody answers. */
  | { readonly k: 'conflict' | 'failed' };

export interface Updates {
  /** Somebody has written; when it arrives it gets its number. */
  readonly arrive: (make: (eventKey: string) => Inbound) => void;
  readonly poll: (program: Program, passage: Passage, offset: number) => Promise<Polled>;
  /** Not confirmed yet, or still on its way. */
  readonly pending: () => number;
}

const POLL_MS = 25_000;
const BATCH_MAX = 20;

interface Poll {
  readonly program: Program;
  readonly end: (polled: Polled) => void;
}

/** `onConfirmed` is told what Telegram forgets now: whoever confirmed it has to have it. */
export const newUpdates = (world: World, onConfirmed: (inbound: Inbound) => void): Updates => {
  const { time } = world;
  const dice = world.dice.nature;
  let queue: Update[] = [];
  let lastId = 7000;
  let onTheirWay = 0;
  let open: Poll | undefined;
  const batch = (): Update[] => {
    const updates = queue.slice(0, BATCH_MAX);
    const [first] = updates;
    if (first !== undefined && world.strikes('update duplicated')) updates.push(first);
    if (updates.length > 1 && world.strikes('updates reordered')) updates.reverse();
    return updates;
  };
  const answer = (): void => {
    if (open === undefined || queue.length === 0) return;
    const { end } = open;
    open = undefined;
    end({ k: 'updates', updates: batch() });
  };
  const confirm = (offset: number): void => {
    // An offset beyond the newest number is one of an older numbering: it confirms nothing.
    if (offset > lastId + 1) return;
    for (const { inbound } of queue.filter(({ id }) => id < offset)) onConfirmed(inbound);
    queue = queue.filter(({ id }) => id >= offset);
  };
  const add = (make: (eventKey: string) => Inbound): void => {
    onTheirWay -= 1;
    // After a quiet week Telegram goes on at a number of its own choice, which may be a smaller one.
    if (queue.length === 0 && world.strikes('update numbers jumped')) lastId = unusedBlock();
    lastId += 1;
    const inbound = make(String(lastId));
    world.write('telegram', `update ${lastId} ${inbound.kind} in ${inbound.address}`);
    queue.push({ id: lastId, inbound });
    answer();
  };
  let blocks = 0;
  const unusedBlock = (): number => {
    blocks += 1;
    return dice.chance(0.5) ? 7000 + blocks * 1000 : 7000 - blocks * 100;
  };
  return {
    arrive: (make) => {
      if (world.strikes('update dropped')) return;
      const ms = world.strikes('update delayed') ? dice.between(1000, 40_000) : dice.between(20, 400);
      onTheirWay += 1;
      time.after(ms, () => add(make), NOBODY);
    },
    poll: async (program, passage, offset) => {
      await passage.hop();
      if (passage.dies('crash before call')) return gone();
      if (world.strikes('poll failed')) return { k: 'failed' };
      if (open !== undefined && open.program !== program) open.end({ k: 'conflict' });
      confirm(offset);
      const polled = await new Promise<Polled>((resolve) => {
        const late = time.after(POLL_MS, () => end({ k: 'updates', updates: [] }), program);
        const end = (result: Polled): void => {
          late.cancelled = true;
          if (open?.end === end) open = undefined;
          time.after(dice.between(0.1, 20), () => resolve(result), program);
        };
        open = { program, end };
        answer();
      });
      if (passage.dies('crash after call')) return gone();
      return world.strikes('poll answer lost') ? { k: 'failed' } : polled;
    },
    pending: () => queue.length + onTheirWay,
  };
};
