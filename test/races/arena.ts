import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { seeded } from '../seeded.ts';
import { type Hired, hireRival } from './hire.ts';
import type { Answer } from './rival.ts';

/** Processes on one database, and a connection beside them to look at what they leave. */
export interface Arena extends AsyncDisposable {
  readonly store: Store;
  /** In [0,1); the same numbers for the same seed. */
  readonly chance: () => number;
  readonly setTime: (at: number, door?: number) => Promise<void>;
  /** Somebody says it at that door, in a chat of its own, so that nothing but the database puts it in order. */
  readonly say: (door: number, who: string, text: string) => Promise<Answer>;
  readonly keepHouse: (door: number) => Promise<void>;
  /** Waits for as many words with that process as chance will have it, so that nobody is always the first. */
  readonly hesitate: (door: number) => Promise<void>;
  /** Commits that found that somebody else had changed the run first. */
  readonly conflicts: () => Promise<number>;
}

const DOORS = 3;

/** A word and its answer take a tenth of a millisecond or less. */
const WORDS_MAX = 12;

export const openArena = async (url: string, seed: number): Promise<Arena> => {
  const store = await openStore({ url });
  const rivals: Hired[] = [];
  // One after the other: each makes people and jobs the same.
  for (let door = 0; door < DOORS; door += 1) rivals.push(await hireRival(url));
  const at = (door: number): Hired => {
    const rival = rivals[door];
    if (rival === undefined) throw new Error(`there is no door ${door}`);
    return rival;
  };
  const chance = seeded(seed);
  let chats = 1000;
  return {
    store,
    chance,
    setTime: async (now, door) => {
      const set = door === undefined ? rivals : [at(door)];
      await Promise.all(set.map((rival) => rival.setTime(now)));
    },
    say: (door, who, text) => {
      chats += 1;
      return at(door).say(`telegram:${chats}`, who, text);
    },
    keepHouse: (door) => at(door).keepHouse(),
    hesitate: async (door) => {
      for (let words = Math.floor(chance() * WORDS_MAX); words > 0; words -= 1) await at(door).conflicts();
    },
    conflicts: async () => {
      const all = await Promise.all(rivals.map((rival) => rival.conflicts()));
      return all.reduce((sum, count) => sum + count, 0);
    },
    [Symbol.asyncDispose]: async () => {
      for (const rival of rivals) await rival[Symbol.asyncDispose]();
      await store.close();
    },
  };
};
