import { newPlayer } from '../threads.ts';
import type { Bug } from './bugs.ts';
import { SHOWN_BY } from './shown-by.ts';

/** What the simulation said to a planted bug. */
export interface Caught {
  readonly name: string;
  /** The law that was broken, and the seed whose world broke it; absent when none did. */
  readonly by?: { readonly law: string; readonly seed: number };
}

/** Plays worlds with each bug planted until one of them breaks a law. */
export const visitZoo = async (
  threads: number,
  bugs: readonly Bug[],
  seedsFor: (bug: Bug) => readonly number[],
  onLooked: (caught: Caught) => void,
): Promise<void> => {
  const left = [...bugs];
  const one = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift())
      onLooked(await look(bug, seedsFor(bug)));
  };
  await Promise.all(Array.from({ length: threads }, one));
};

export const knownFor = ({ name }: Bug): readonly number[] => {
  const seed = SHOWN_BY[name];
  return seed === undefined ? [] : [seed];
};

const look = async ({ name, passages }: Bug, seeds: readonly number[]): Promise<Caught> => {
  const player = newPlayer({ misreadings: passages, tail: 0 });
  try {
    for (const seed of seeds) {
      const { violation } = await player.play({ seed });
      if (violation !== undefined) return { name, by: { law: violation.law, seed } };
    }
    return { name };
  } finally {
    await player.end();
  }
};
