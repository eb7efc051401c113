import type { Store } from '../../src/core/ports/store.ts';
import type { StoredEvent } from '../../src/core/runs/event.ts';
import { firstWorld, GROUP } from '../model/cast.ts';
import { kindOf } from '../model/kinds.ts';
import { permutations } from '../model/permutations.ts';
import { step } from '../model/reference.ts';
import type { Move, World } from '../model/world.ts';

/** What somebody did at the same time as others, by the clock of their process, and what they were told. */
export interface Act {
  readonly move: Move;
  readonly at: number;
  readonly told: readonly string[];
}

export interface Raced {
  readonly runId: string;
  readonly status: string;
  readonly events: readonly StoredEvent[];
}

export const readRun = async ({ runs }: Store, runId: string): Promise<Raced> => {
  const status = (await runs.find([runId])).get(runId)?.state.status ?? 'absent';
  return { runId, status, events: await runs.history(runId) };
};

/** The world of the reference with one run that Ana asked for. */
export const lightRun = (at: number): World => {
  const asked = step(firstWorld(false, at), { do: 'ask', who: 'ana', chat: GROUP, job: 'light' });
  if (asked === undefined) throw new Error('the reference asks nobody');
  return asked.world;
};

/** Throws unless one event decided, nobody was left without an answer, and the contract allows all of it in some order. */
export const check = (before: World, acts: readonly Act[], raced: Raced): { first: string; last: string } => {
  const { status, events } = raced;
  const deciding = decisive(events);
  const [first] = deciding;
  const fail = (what: string): Error =>
    new Error(`${what}: ${JSON.stringify({ acts, ...raced }, undefined, 1)}`);
  if (first === undefined || deciding.length > 1) throw fail(`${deciding.length} events decided`);
  for (const { move, told } of acts) {
    if (move.do === 'steer' && told.length !== 1) throw fail(`${move.who} was told ${told.length} things`);
  }
  const late = acts.flatMap(({ told }) => told).filter((text) => kindOf(text) === 'told over');
  for (const text of late) if (!namesWinner(text, events)) throw fail(`nobody is named in "${text}"`);
  if (!isAllowed(before, acts, status)) throw fail('no order allows this');
  return { first: first.type, last: status };
};

/** Histories of three have six orders, so all of them are tried. */
const isAllowed = (before: World, acts: readonly Act[], status: string): boolean =>
  permutations(acts).some((order) => {
    let world = before;
    for (const { move, at, told } of order) {
      const then = step({ ...world, at }, move);
      if (then === undefined) return false;
      const kinds = then.told.map((kind) => `told ${kind}`);
      if (kinds.length > 0 && !told.some((text) => kinds.includes(kindOf(text)))) return false;
      world = then.world;
    }
    return world.runs.at(-1)?.status === status;
  });

/** Events that end the question. A cancel after the approval ends the work instead. */
const decisive = (events: readonly StoredEvent[]): readonly StoredEvent[] =>
  events.filter(({ type, payload }) => {
    if (type === 'RunCanceled') return (payload as { readonly was: string }).was === 'AwaitingApproval';
    return ['RunApproved', 'RunDenied', 'ApprovalTimedOut'].includes(type);
  });

/** Whether a loser was told of somebody who really ended it, or that its time was over, and when. */
const namesWinner = (told: string, events: readonly StoredEvent[]): boolean =>
  events.some(({ type, actor, at }) => {
    const clock = `${new Date(at).toISOString().slice(11, 16)} UTC`;
    if (type === 'ApprovalTimedOut') return told.includes(`expired ${clock}`);
    const how = { RunApproved: 'approved', RunDenied: 'denied', RunCanceled: 'canceled' }[type];
    return how !== undefined && told.includes(`${how} by ${NAMES[actor] ?? actor} ${clock}`);
  });

/** How the history knows the residents, and how people know them. */
const NAMES: Readonly<Record<string, string>> = {
  'user:telegram:41': 'Ana',
  'user:telegram:42': 'Bob',
  'user:telegram:43': 'Cho',
};
