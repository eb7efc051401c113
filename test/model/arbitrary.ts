import fc from 'fast-check';
import { LONG, type Step } from './history.ts';
import { play, type Story } from './play.ts';
import type { Real } from './real.ts';
import type { Verb } from './world.ts';

const n = fc.nat(99);
const verb = fc.constantFrom<Verb>('yes', 'yes', 'no', 'resume', 'cancel', 'recover');
const of = <const D extends string>(what: D) => fc.constant<D>(what);
const how = fc.constantFrom('ok', 'failed', 'interrupted');

const act = fc.record({ what: n, who: n });

/** Chance alone would seldom get beyond the first page of a story, so that every other step brings a run on. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 50, arbitrary: fc.record({ do: of('on'), run: n, luck: n }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: of('ask'),
      who: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, n),
      job: n,
      chat: n,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: of('say'), verb, who: n, run: n, chat: n }) },
  { weight: 3, arbitrary: fc.record({ do: of('late'), who: n, run: n, ms: fc.constantFrom(0, 60_000) }) },
  { weight: 6, arbitrary: fc.record({ do: of('press'), verb, who: n, run: n, old: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: of('bare'), verb: fc.constantFrom('yes', 'no'), who: n, run: n }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('again', 'claim', 'house', 'alive') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('begin', 'beat'), lease: n }) },
  { weight: 3, arbitrary: fc.record({ do: of('finish'), lease: n, how }) },
  { weight: 3, arbitrary: fc.record({ do: of('pass'), ms: fc.oneof(fc.nat(60_000), fc.nat(LONG)) }) },
  { weight: 5, arbitrary: fc.record({ do: of('reach'), which: n, off: fc.constantFrom(-1, 0, 1) }) },
  { weight: 4, arbitrary: fc.record({ do: of('people'), who: n, roles: n }) },
  { weight: 2, arbitrary: fc.record({ do: of('edit'), job: n, like: n }) },
  { weight: 2, arbitrary: fc.record({ do: of('swap'), files: n }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: of('together'),
      run: n,
      acts: fc.array(act, { minLength: 2, maxLength: 3 }),
      order: fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
    }),
  },
);

class Command implements fc.AsyncCommand<Story, readonly Real[]> {
  readonly step: Step;
  constructor(next: Step) {
    this.step = next;
  }
  check = (): boolean => true;
  run = (story: Story, reals: readonly Real[]): Promise<void> => play(story, reals, this.step);
  toString = (): string => JSON.stringify(this.step);
}

/** Any story of at most so many steps. */
export const histories = (stepsMax: number, replayPath?: string) =>
  fc.commands([step.map((next) => new Command(next))], {
    maxCommands: stepsMax,
    size: 'max',
    ...(replayPath === undefined ? {} : { replayPath }),
  });
