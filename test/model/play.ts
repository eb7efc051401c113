import { isDeepStrictEqual } from 'node:util';
import type { Done } from './act.ts';
import { atOnce, movesOf, type Step } from './history.ts';
import { boardOf, isSame, type Look, lookOf } from './look.ts';
import { permutations } from './permutations.ts';
import type { Real } from './real.ts';
import { step } from './reference.ts';
import type { Move, Then, World } from './world.ts';

/** The world as the reference has it now, the way to it, and what happened on the way, in kind. */
export interface Story {
  world: World;
  readonly moves: string[];
  readonly reached: string[];
}

/** Moves everybody, and lets nothing pass on which they differ. */
export const play = async (story: Story, reals: readonly Real[], next: Step): Promise<void> => {
  if (next.do === 'together') {
    const moves = atOnce(story.world, next);
    if (moves.length > 0) await turn(story, reals, moves, next.order);
    return;
  }
  for (const move of movesOf(story.world, next)) await turn(story, reals, [move], []);
};

interface Seen {
  readonly done: readonly Done[];
  readonly rings: readonly string[];
  readonly look: readonly Look[];
}

const turn = async (
  story: Story,
  reals: readonly Real[],
  moves: readonly Move[],
  order: readonly number[],
): Promise<void> => {
  story.moves.push(moves.map((move) => JSON.stringify(move)).join(' and '));
  const seen = await agreed(story, reals, async (real): Promise<Seen> => {
    const done = await real.together(moves, order);
    return { done, rings: (await real.rings()).toSorted(), look: await real.look() };
  });
  const acts = moves.map((move, at) => ({ move, done: seen.done[at] ?? {} }));
  const judged = permutations(acts).map((way) => follow(story.world, way, seen));
  const fits = judged.find((one) => 'world' in one);
  if (fits === undefined || !('world' in fits))
    throw differ(story, 'program and contract', [seen, judged[0]]);
  story.world = fits.world;
  story.reached.push(...fits.reached);
};

/** At the end of a history: what is queued and shown, and the log of every database, to the byte. */
export const compareEnds = async (story: Story, reals: readonly Real[]): Promise<void> => {
  const board = await agreed(story, reals, (real) => real.board());
  const expected = boardOf(story.world.runs);
  if (!isDeepStrictEqual(board, expected)) throw differ(story, 'program and contract', [board, expected]);
  await agreed(story, reals, (real) => real.log());
  for (const real of reals) await real.audit();
};

/** What all of them say; it has to be the same. */
const agreed = async <T>(
  story: Story,
  reals: readonly Real[],
  ask: (real: Real) => Promise<T>,
): Promise<T> => {
  const answers = await Promise.all(reals.map(ask));
  const [answer] = answers;
  if (answer === undefined) throw new Error('nobody plays');
  if (answers.every((other) => isDeepStrictEqual(answer, other))) return answer;
  throw differ(story, reals.map(({ name }) => name).join(' and '), answers);
};

interface Act {
  readonly move: Move;
  readonly done: Done;
}

type Followed =
  | { readonly world: World; readonly reached: readonly string[] }
  | { readonly expected: unknown };

/** What the contract makes of it in this order, or what it expected instead. */
const follow = (before: World, acts: readonly Act[], seen: Seen): Followed => {
  let world = before;
  const unexpected = [...seen.rings];
  const missing: string[] = [];
  const reached: string[] = [];
  for (const { move, done } of acts) {
    const then = step(world, move.do === 'claim' ? { ...move, ...done } : move);
    if (then === undefined) return { expected: `another answer to ${JSON.stringify(move)}` };
    const { told, rings } = heard(world, move, then);
    if (told.length > 0 && !told.includes(done.told ?? '')) return { expected: { told } };
    for (const ring of rings) {
      const at = unexpected.findIndex((rang) => ring.includes(rang));
      if (at === -1) missing.push(ring.join(' or '));
      else unexpected.splice(at, 1);
    }
    reached.push(...reachedBy(world, then));
    world = then.world;
  }
  const look = world.runs.map(lookOf);
  const same = look.length === seen.look.length && look.every((run, at) => isSame(run, seen.look[at]));
  if (missing.length + unexpected.length > 0 || !same) return { expected: { missing, unexpected, look } };
  const runs = world.runs.map((run, at) => ({
    ...run,
    notBefore: seen.look[at]?.notBefore ?? run.notBefore,
  }));
  return { world: { ...world, runs }, reached };
};

const reachedBy = (before: World, { world, told, news }: Then): readonly string[] => [
  ...told.slice(0, 1).map((kind) => `told ${kind}`),
  ...news.map(({ kind }) => `news ${kind}`),
  ...world.runs.flatMap(({ status }, at) => {
    const was = before.runs[at]?.status ?? 'absent';
    return was === status ? [] : [`${was} to ${status}`];
  }),
];

const isPlain = (chat: string): boolean => chat.startsWith('dev:');

/** On the spot, and in the chats: each ring in one of its possible kinds. */
const heard = (world: World, move: Move, { told, news, world: after }: Then) => {
  const chatOf = (run: number): string => after.runs[run]?.chat ?? '';
  const rings = news.map(({ run, kind }) => [`${chatOf(run)} news ${kind} ${run}`]);
  if (move.do !== 'ask' && move.do !== 'steer') return { told, rings };
  const at = after.runs.findIndex((run, index) => run !== world.runs[index]);
  const plain = at !== -1 && isPlain(chatOf(at));
  // A card shows these by itself; a plain chat has to say them.
  const said = { counted: 'counted', approved: 'starting', starting: 'starting' }[told[0] ?? ''];
  if (plain && said !== undefined && after.runs[at]?.status !== 'Approved') {
    rings.push([`${chatOf(at)} news ${said} ${at}`]);
  }
  if (move.do === 'steer' && move.button !== undefined) {
    return { told: told.map((kind) => `told ${kind}`), rings };
  }
  // A group never learns that it has a stranger; where the run itself has spoken plainly, that is the answer.
  const answered = plain && rings.some(([ring = '']) => ring.startsWith(`${move.chat} `));
  const silent = answered || (told[0] === 'stranger' && move.chat.includes(':-'));
  if (told.length > 0 && !silent) rings.push(told.map((kind) => `${move.chat} told ${kind}`));
  return { told: [], rings };
};

const differ = ({ moves }: Story, who: string, sides: readonly unknown[]): Error =>
  new Error(
    [
      `${who} differ after`,
      ...moves.map((move) => `  ${move}`),
      ...sides.map((side) => JSON.stringify(side, undefined, 1)),
    ].join('\n'),
  );
