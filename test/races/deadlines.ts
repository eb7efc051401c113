import { noon } from '../cast.ts';
import { auditStore } from '../flows/audit.ts';
import { MINUTE, WAIT } from '../model/world.ts';
import { type Arena, openArena } from './arena.ts';
import { type Act, check, lightRun, readRun } from './judge.ts';
import { askAt } from './triples.ts';

/** What the runs ended with, and how many commits found that another process had been faster. */
export type DeadlineFigures = Readonly<
  Record<'races' | 'approved' | 'expired' | 'answers' | 'conflicts', number>
>;

const ABREAST = 4;

/** The two who say yes, and the process whose loops close what is overdue. */
const [BOB, CHO, SWEEPER] = [0, 1, 2] as const;

/**
 * Two people say yes, each at a process of its own, while a third process closes what is overdue. Each of their clocks shows
 * the very millisecond of the deadline or the next one, so that it has passed for all of them, for some, or for nobody.
 */
export const raceDeadlines = async (url: string, races: number, seed: number): Promise<DeadlineFigures> => {
  await using arena = await openArena(url, seed);
  const firsts: string[] = [];
  let answers = 0;
  for (let done = 0; done < races; done += ABREAST) {
    const asked = noon + done * 10 * MINUTE;
    await arena.setTime(asked);
    const width = Math.min(ABREAST, races - done);
    const runs = await Promise.all(Array.from({ length: width }, (_, at) => askAt(arena, at % 2)));
    const bits = Math.floor(done / ABREAST) % 8;
    const clocks = [BOB, CHO, SWEEPER].map((door) => asked + WAIT + ((bits >> door) & 1));
    await Promise.all(clocks.map((at, door) => arena.setTime(at, door)));
    const raced = await race(arena, runs, clocks);
    for (const [index, runId] of runs.entries()) {
      const acts = raced[index] ?? [];
      firsts.push(check(lightRun(asked), acts, await readRun(arena.store, runId)).first);
      answers += acts.length - 1;
    }
  }
  await auditStore(arena.store);
  const count = (first: string): number => firsts.filter((one) => one === first).length;
  return {
    races: firsts.length,
    approved: count('RunApproved'),
    expired: count('ApprovalTimedOut'),
    answers,
    conflicts: await arena.conflicts(),
  };
};

const race = async (
  arena: Arena,
  runs: readonly string[],
  clocks: readonly number[],
): Promise<readonly (readonly Act[])[]> => {
  const clock = (door: number): number => clocks[door] ?? 0;
  const sweep: Act = { move: { do: 'house' }, at: clock(SWEEPER), told: [] };
  const yes = async (runId: string, who: string, door: number): Promise<Act> => {
    await arena.hesitate(door);
    const { told } = await arena.say(door, who, `yes ${runId}`);
    return { move: { do: 'steer', verb: 'yes', who, chat: '', run: 0 }, at: clock(door), told };
  };
  const sweeping = arena.hesitate(SWEEPER).then(() => arena.keepHouse(SWEEPER));
  const acts = runs.map((runId) => Promise.all([yes(runId, 'bob', BOB), yes(runId, 'cho', CHO)]));
  await sweeping;
  return (await Promise.all(acts)).map((two) => [...two, sweep]);
};
