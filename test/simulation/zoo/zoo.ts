import { newPlayer } from '../threads.ts';
import { BUGS, type Bug } from './bugs.ts';

/** What the simulation said to a planted bug. */
export interface Caught {
  readonly name: string;
  /** The law that was broken, and the first seed whose world broke it; absent when none did. */
  readonly by?: { readonly law: string; readonly words: string; readonly seed: number };
}

/** Plays the worlds of `seedsFor` with each bug planted until one of them breaks a law. */
export const visitZoo = async (
  threads: number,
  seedsFor: (bug: Bug) => Iterable<number>,
  onCaught: (caught: Caught) => void,
  bugs: readonly Bug[] = BUGS,
): Promise<void> => {
  const left = [...bugs];
  const one = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift())
      onCaught(await look(bug, seedsFor(bug)));
  };
  await Promise.all(Array.from({ length: threads }, one));
};

const look = async ({ name }: Bug, seeds: Iterable<number>): Promise<Caught> => {
  const player = newPlayer({ bug: name, tail: 0 });
  try {
    for (const seed of seeds) {
      const { violation } = await player.play({ seed });
      if (violation !== undefined) return { name, by: { ...violation, seed } };
    }
    return { name };
  } finally {
    await player.end();
  }
};
