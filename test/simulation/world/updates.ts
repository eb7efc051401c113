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

/** What Telegram keeps for the bot. */
interface Box {
  queue: readonly Update[];
  lastId: number;
  /** How often its numbers have jumped. */
  jumps: number;
  onTheirWay: number;
  open: Poll | undefined;
  readonly onConfirmed: (inbound: Inbound) => void;
}

/** `onConfirmed` is told what Telegram forgets now: whoever confirmed it has to have it. */
export const newUpdates = (world: World, onConfirmed: (inbound: Inbound) => void): Updates => {
  const { time } = world;
  const dice = world.dice.nature;
  const box: Box = { queue: [], lastId: 7000, jumps: 0, onTheirWay: 0, open: undefined, onConfirmed };
  return {
    arrive: (make) => {
      if (world.strikes('update dropped')) return;
      const ms = world.strikes('update delayed') ? dice.between(1000, 40_000) : dice.between(20, 400);
      box.onTheirWay += 1;
      time.after(ms, () => add(world, box, make), NOBODY);
    },
    poll: async (program, passage, offset) => {
      await passage.hop();
      if (passage.dies('crash before call')) return gone();
      if (world.strikes('poll failed')) return { k: 'failed' };
      if (box.open !== undefined && box.open.program !== program) box.open.end({ k: 'conflict' });
      confirm(box, offset);
      const polled = await longPoll(world, box, program);
      if (passage.dies('crash after call')) return gone();
      return world.strikes('poll answer lost') ? { k: 'failed' } : polled;
    },
    pending: () => box.queue.length + box.onTheirWay,
  };
};

const add = (world: World, box: Box, make: (eventKey: string) => Inbound): void => {
  box.onTheirWay -= 1;
  if (box.queue.length === 0 && world.strikes('update numbers jumped')) box.lastId = elsewhere(world, box);
  box.lastId += 1;
  const inbound = make(String(box.lastId));
  world.write('telegram', `update ${box.lastId} ${inbound.kind} in ${inbound.address}`);
  box.queue = [...box.queue, { id: box.lastId, inbound }];
  answer(world, box);
};

/** After a quiet week Telegram goes on at a number of its own choice, which may be a smaller one. */
const elsewhere = ({ dice }: World, box: Box): number => {
  box.jumps += 1;
  return dice.nature.chance(0.5) ? 7000 + box.jumps * 1000 : 7000 - box.jumps * 100;
};

const answer = (world: World, box: Box): void => {
  const { open } = box;
  if (open === undefined || box.queue.length === 0) return;
  box.open = undefined;
  open.end({ k: 'updates', updates: batch(world, box) });
};

const batch = (world: World, { queue }: Box): readonly Update[] => {
  const updates = queue.slice(0, BATCH_MAX);
  const [first] = updates;
  if (first !== undefined && world.strikes('update duplicated')) updates.push(first);
  if (updates.length > 1 && world.strikes('updates reordered')) updates.reverse();
  return updates;
};

const confirm = (box: Box, offset: number): void => {
  // An offset beyond the newest number is one of an older numbering: it confirms nothing.
  if (offset > box.lastId + 1) return;
  for (const { inbound } of box.queue.filter(({ id }) => id < offset)) box.onConfirmed(inbound);
  box.queue = box.queue.filter(({ id }) => id >= offset);
};

/** Until something comes, somebody else polls, or nothing has come for long. */
const longPoll = (world: World, box: Box, program: Program): Promise<Polled> =>
  new Promise((resolve) => {
    const { time, dice } = world;
    const late = time.after(POLL_MS, () => end({ k: 'updates', updates: [] }), program);
    const end = (polled: Polled): void => {
      late.cancelled = true;
      if (box.open?.end === end) box.open = undefined;
      time.after(dice.nature.between(0.1, 20), () => resolve(polled), program);
    };
    box.open = { program, end };
    answer(world, box);
  });
