import fc from 'fast-check';
import { noon } from '../cast.ts';
import { histories } from './arbitrary.ts';
import { firstWorld } from './cast.ts';
import type { Step } from './history.ts';
import { compareEnds, play, type Story } from './play.ts';
import { type Place, type Real, realOn } from './real.ts';

export interface Check {
  readonly on: readonly Place[];
  readonly runs: number;
  readonly stepsMax: number;
  readonly seed: number;
  /** Where in the tree of that seed a failure was found, and which of its steps were taken. */
  readonly path?: string;
  readonly replayPath?: string;
  /** A failure is made small before it is told; not worth its time when only the failure counts. */
  readonly shrink?: 'yes' | 'no';
  readonly onHistory?: (story: Story) => void;
}

/** Plays random histories on the contract and on every database; the text of the first failure, or undefined. */
export const checkHistories = async (check: Check): Promise<string | undefined> => {
  const { on, runs, stepsMax, seed, path, replayPath, shrink = 'yes', onHistory = () => undefined } = check;
  const property = fc.asyncProperty(fc.boolean(), histories(stepsMax, replayPath), async (dev, commands) => {
    const tell = (story: Story, reals: readonly Real[]): Promise<void> =>
      fc.asyncModelRun(() => ({ model: story, real: reals }), commands);
    onHistory(await inTowns(on, dev, tell));
  });
  const found = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: shrink === 'no',
    ...(path === undefined ? {} : { path }),
  });
  if (!found.failed) return undefined;
  const [dev, commands] = found.counterexample ?? [];
  const steps = fc.stringify(commands);
  const taken = /replayPath=("[^"]*")/.exec(steps)?.[1] ?? '""';
  const where = `--path ${found.counterexamplePath ?? ''} --replay ${taken}`;
  return [
    `after ${found.numRuns} histories; again: npm run model -- --seed ${found.seed} ${where}`,
    `dev: ${String(dev)}, steps: [${steps}]`,
    String(found.errorInstance),
  ].join('\n');
};

/** A history that was kept because it once failed. */
export interface Kept {
  readonly name: string;
  readonly dev: boolean;
  /** What has to happen in it; if it does not any more, the steps have lost their meaning. */
  readonly reaches: string;
  readonly steps: readonly Step[];
}

export const replay = ({ dev, steps }: Kept, on: readonly Place[]): Promise<Story> =>
  inTowns(on, dev, async (story, reals) => {
    for (const step of steps) await play(story, reals, step);
  });

const inTowns = async (
  on: readonly Place[],
  dev: boolean,
  tell: (story: Story, reals: readonly Real[]) => Promise<void>,
): Promise<Story> => {
  const story: Story = { world: firstWorld(dev, noon), moves: [], reached: [] };
  const reals = await Promise.all(on.map((place) => realOn(place, story.world)));
  try {
    await tell(story, reals);
    await compareEnds(story, reals);
    return story;
  } finally {
    for (const real of reals) await real.end();
  }
};
