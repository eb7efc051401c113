import { minutes, noon } from '../cast.ts';
import { auditStore } from '../flows/audit.ts';
import type { Verb } from '../model/world.ts';
import { shuffled } from '../seeded.ts';
import { type Arena, openArena } from './arena.ts';
import { type Act, check, lightRun, readRun } from './judge.ts';

/**
 * Who decided how often, how many of the approved were taken back before a worker had them (the cancel came second), and how
 * many commits found that another process had been faster.
 */
export type TripleFigures = Readonly<
  Record<'races' | 'approved' | 'takenBack' | 'denied' | 'canceled' | 'answers' | 'conflicts', number>
>;

const WISHES: readonly (readonly [who: string, verb: Verb])[] = [
  ['bob', 'yes'],
  ['cho', 'no'],
  ['ana', 'cancel'],
];

/** Races that are under way at the same time, so that commits of different runs meet as well. */
const ABREAST = 8;

/**
 * For every run an approve, a deny and a cancel by three people arrive at the same time at several processes. Throws at the
 * first that does not end as the contract allows.
 */
export const raceTriples = async (url: string, races: number, seed: number): Promise<TripleFigures> => {
  await using arena = await openArena(url, seed);
  const firsts: string[] = [];
  let takenBack = 0;
  let answers = 0;
  for (let done = 0; done < races; done += ABREAST) {
    const asked = noon + done * minutes(1);
    await arena.setTime(asked);
    const width = Math.min(ABREAST, races - done);
    const runs = await Promise.all(Array.from({ length: width }, (_, at) => askAt(arena, at % 2)));
    const at = asked + minutes(1);
    await arena.setTime(at);
    const raced = await Promise.all(runs.map((runId) => race(arena, runId, at)));
    for (const [index, runId] of runs.entries()) {
      const acts = raced[index] ?? [];
      const { first, last } = check(lightRun(asked), acts, await readRun(arena.store, runId));
      firsts.push(first);
      if (first === 'RunApproved' && last === 'Canceled') takenBack += 1;
      answers += acts.length;
    }
  }
  await auditStore(arena.store);
  const count = (first: string): number => firsts.filter((one) => one === first).length;
  return {
    races: firsts.length,
    approved: count('RunApproved'),
    takenBack,
    denied: count('RunDenied'),
    canceled: count('RunCanceled'),
    answers,
    conflicts: await arena.conflicts(),
  };
};

export const askAt = async (arena: Arena, door: number): Promise<string> => {
  const { runId } = await arena.say(door, 'ana', 'run light');
  if (runId === undefined) throw new Error('nobody was asked');
  return runId;
};

const race = (arena: Arena, runId: string, at: number): Promise<readonly Act[]> => {
  const { chance } = arena;
  const wishes = shuffled(WISHES, chance);
  return Promise.all(
    wishes.map(async ([who, verb], index): Promise<Act> => {
      // Two of them at different processes in any case, the third one anywhere.
      const door = index < 2 ? index : Math.floor(chance() * 3);
      await arena.hesitate(door);
      const { told } = await arena.say(door, who, `${verb} ${runId}`);
      return { move: { do: 'steer', verb, who, chat: '', run: 0 }, at, told };
    }),
  );
};
