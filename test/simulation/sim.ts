import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { holesIn, WORLDS_FOR_COVERAGE } from './coverage.ts';
import type { History } from './history.ts';
import { newPlayer, playAll } from './threads.ts';
import { addUp, type Counters } from './world/log.ts';
import { BUGS, type Bug } from './zoo/bugs.ts';
import { knownFor, visitZoo } from './zoo/zoo.ts';

// Many worlds, each made by its seed:
//   npm run sim -- --seeds 500          `--from 501` goes on with the next ones
//   npm run sim -- --seed 7 --log       one of them, told from beginning to end
//   npm run sim -- --zoo                with each of the planted bugs; `--search` looks for the first seed that shows it,
//                                       `--only lease` takes those whose name says so

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    log: { type: 'boolean', default: false },
    zoo: { type: 'boolean', default: false },
    search: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});

const UNHARMED = { misreadings: [], tail: 60 };
/** Every so many worlds one is played twice. */
const TWICE_EVERY = 25;
const VIOLATIONS_MAX = 3;

const threads = Number(values.threads);
const from = Number(values.from);
const count = Number(values.seeds);
const seeds = Array.from({ length: count }, (_, index) => from + index);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const tell = ({ seed, violation, tail }: History): void => {
  say(tail.join('\n'));
  if (violation === undefined) return;
  say(`seed ${seed} breaks ${violation.law}: ${violation.words}`);
  say(`again: npm run sim -- --seed ${seed} --log`);
};

const one = async (seed: number): Promise<number> => {
  const player = newPlayer(UNHARMED);
  const first = await player.play({ seed, ...(values.log ? { withLog: true } : {}) });
  const second = await player.play({ seed });
  await player.end();
  tell(first);
  const same = first.digest === second.digest;
  say(`digest ${first.digest}${same ? ', twice' : ` and then ${second.digest}`}`);
  return first.violation === undefined && same ? 0 : 1;
};

/** What many worlds come to. */
const newTally = () => {
  const counters: Counters = new Map();
  const digests = new Map<number, string>();
  const bad: string[] = [];
  let virtualMs = 0;
  let played = 0;
  const took = performance.now();
  return {
    counters,
    bad,
    add: (history: History): 'go on' | 'enough' => {
      const { seed, digest, violation } = history;
      const before = digests.get(seed);
      if (before === undefined) addUp(counters, history.counters);
      else if (before !== digest) bad.push(`seed ${seed} played out in two ways`);
      digests.set(seed, digest);
      virtualMs += history.virtualMs;
      played += 1;
      if (violation !== undefined) {
        tell(history);
        bad.push(`seed ${seed} broke ${violation.law}`);
      }
      return bad.length < VIOLATIONS_MAX ? 'go on' : 'enough';
    },
    words: (): string => {
      const seconds = (performance.now() - took) / 1000;
      const days = Math.round(virtualMs / 86_400_000);
      const twice = played - digests.size;
      const rate = (played / seconds).toFixed(1);
      return `${digests.size} histories, ${twice} of them twice, ${days} days in ${seconds.toFixed(1)} s: ${rate} histories/s`;
    },
  };
};

const many = async (): Promise<number> => {
  const again = seeds.filter((seed) => seed % TWICE_EVERY === 0);
  const tally = newTally();
  const tasks = [...seeds, ...again].map((seed) => ({ seed }));
  await playAll(threads, tasks, UNHARMED, tally.add);
  const { counters, bad } = tally;
  const holes = count >= WORLDS_FOR_COVERAGE && bad.length === 0 ? holesIn(counters) : [];
  const sorted = [...counters].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [what, times] of sorted) say(`${String(times).padStart(9)}  ${what}`);
  for (const line of [...bad, ...holes, tally.words()]) say(line);
  return bad.length + holes.length === 0 ? 0 : 1;
};

const zoo = async (): Promise<number> => {
  const bugs = BUGS.filter(({ name }) => name.includes(values.only));
  let caught = 0;
  const seedsFor = (bug: Bug): readonly number[] =>
    values.search ? seeds : [...knownFor(bug), ...seeds.slice(0, SEARCHED)];
  await visitZoo(threads, bugs, seedsFor, ({ name, by }) => {
    if (by !== undefined) caught += 1;
    say(`${name.padEnd(52)} ${by === undefined ? 'NOT CAUGHT' : `${by.law.padEnd(14)} seed ${by.seed}`}`);
  });
  say(`${caught} of ${bugs.length} bugs were caught`);
  return caught === bugs.length ? 0 : 1;
};

/** How far is looked for a bug that its own seed does not show any more. */
const SEARCHED = 150;

process.exitCode = await (values.zoo ? zoo() : values.seed === undefined ? many() : one(Number(values.seed)));
