import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { holesIn, WORLDS_FOR_COVERAGE } from './coverage.ts';
import type { History } from './history.ts';
import { newPlayer, playAll } from './threads.ts';
import { addUp, type Counters } from './world/log.ts';

// `npm run sim -- --seeds 500`: many worlds, each made by its seed. `--seed 7 --log` shows one of them.

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    log: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});

const TAIL = 60;
/** Every so many worlds one is played twice. */
const TWICE_EVERY = 25;
const VIOLATIONS_MAX = 3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const tell = ({ seed, violation, tail }: History): void => {
  say(tail.join('\n'));
  if (violation !== undefined) say(`seed ${seed} breaks ${violation.law}: ${violation.words}`);
  if (violation !== undefined) say(`again: npm run sim -- --seed ${seed}`);
};

const one = async (seed: number): Promise<number> => {
  const player = newPlayer({ tail: TAIL });
  const first = await player.play({ seed, ...(values.log ? { withLog: true } : {}) });
  const second = await player.play({ seed });
  await player.end();
  tell(first);
  say(`digest ${first.digest}${first.digest === second.digest ? ', twice' : ` and then ${second.digest}`}`);
  return first.violation === undefined && first.digest === second.digest ? 0 : 1;
};

const many = async (from: number, count: number): Promise<number> => {
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  const again = seeds.filter((seed) => seed % TWICE_EVERY === 0);
  const counters: Counters = new Map();
  const digests = new Map<number, string>();
  const bad: string[] = [];
  let virtualMs = 0;
  const began = performance.now();
  await playAll(
    Number(values.threads),
    [...seeds, ...again].map((seed) => ({ seed })),
    { tail: TAIL },
    (history) => {
      const { seed, digest, violation } = history;
      const before = digests.get(seed);
      if (before === undefined) addUp(counters, history.counters);
      else if (before !== digest) bad.push(`seed ${seed} played out in two ways`);
      digests.set(seed, digest);
      virtualMs += history.virtualMs;
      if (violation !== undefined) {
        tell(history);
        bad.push(`seed ${seed} broke ${violation.law}`);
      }
      return bad.length < VIOLATIONS_MAX ? 'go on' : 'enough';
    },
  );
  const seconds = (performance.now() - began) / 1000;
  const holes = count >= WORLDS_FOR_COVERAGE && bad.length === 0 ? holesIn(counters) : [];
  for (const [what, times] of [...counters].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    say(`${String(times).padStart(9)}  ${what}`);
  for (const line of [...bad, ...holes]) say(line);
  const days = Math.round(virtualMs / 86_400_000);
  const rate = (digests.size + again.length) / seconds;
  say(
    `${digests.size} histories, ${again.length} of them twice, ${days} days in ${seconds.toFixed(1)} s: ${rate.toFixed(1)} histories/s`,
  );
  return bad.length + holes.length === 0 ? 0 : 1;
};

process.exitCode =
  values.seed === undefined
    ? await many(Number(values.from), Number(values.seeds))
    : await one(Number(values.seed));
