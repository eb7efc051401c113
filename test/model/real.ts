import type { Store } from '../../src/core/ports/store.ts';
import { newRunId } from '../../src/core/runs/run-id.ts';
import { noon } from '../cast.ts';
import { auditStore } from '../flows/audit.ts';
import type { Settle } from '../flows/grounds.ts';
import { found, type Town } from '../flows/town.ts';
import { seeded } from '../seeded.ts';
import { actor, type Done } from './act.ts';
import { filesOf, listed, peopleOf } from './cast.ts';
import { kindOf } from './kinds.ts';
import { type Board, type Look, lookAt } from './look.ts';
import { type Turnstile, turnstile } from './turnstile.ts';
import type { Move, World } from './world.ts';

/** The program on one database, moved like the reference and looked at in its words. */
export interface Real {
  readonly name: string;
  readonly act: (move: Move) => Promise<Done>;
  /** All at the same time; the numbers say whose call to the database goes next. */
  readonly together: (moves: readonly Move[], order: readonly number[]) => Promise<readonly Done[]>;
  /** What rang since the last time: where, in kind, about which run. */
  readonly rings: () => Promise<readonly string[]>;
  readonly look: () => Promise<readonly Look[]>;
  readonly board: () => Promise<Board>;
  /** Every event of every run and of the installation, as it is stored. */
  readonly log: () => Promise<readonly string[]>;
  /** Every history verifies, gives the stored state when it is folded, and breaks no promise. */
  readonly audit: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export interface Place {
  readonly name: string;
  readonly settle: Settle;
}

export const realOn = async ({ name, settle }: Place, world: World): Promise<Real> => {
  let at = noon;
  const clock = (): number => at;
  const passes = (ms: number): void => {
    at += ms;
  };
  const ground = await settle(clock);
  const gate = turnstile();
  const chance = seeded(20_261_121);
  const town = await found(
    { ...ground, store: behind(gate, ground.store) },
    { clock, passes },
    {
      profile: world.dev ? 'dev' : 'production',
      people: peopleOf(world.people),
      jobs: listed(world.jobs),
      ambient: { chance, newRunId: () => newRunId(chance) },
    },
  );
  town.swaps(filesOf(world.files));
  const { act, ids, digests } = actor(town);
  return {
    name,
    act,
    together: (moves, order) =>
      gate.together(
        moves.map((move) => () => act(move)),
        order,
      ),
    rings: async () => (await town.rings()).map(({ address, text }) => ringOf(address, text, ids)),
    look: () => lookAround(town, ids, digests),
    board: () => boardIn(town, ids),
    log: async () => {
      const chains = await Promise.all([...ids, 'system'].map((id) => town.store.runs.history(id)));
      return chains.flat().map((event) => JSON.stringify(event));
    },
    audit: () => auditStore(town.store),
    end: () => ground.clear(),
  };
};

const ringOf = (address: string, text: string, ids: readonly string[]): string => {
  const kind = kindOf(text);
  const about = kind.startsWith('news') ? ` ${ids.findIndex((id) => text.includes(id))}` : '';
  return `${address} ${kind}${about}`;
};

const lookAround = async (
  town: Town,
  ids: readonly string[],
  digests: Map<string, string>,
): Promise<readonly Look[]> => {
  const runs = await town.store.runs.find(ids);
  const leases = await town.store.queue.expired(Number.MAX_SAFE_INTEGER, 1000);
  return ids.map((id) => {
    const run = runs.get(id)?.state;
    if (run === undefined) throw new Error(`${id} is gone`);
    digests.set(`${id} ${run.epoch}`, run.digest);
    return lookAt(run, leases.find(({ entry }) => entry.runId === id)?.leaseUntil);
  });
};

const boardIn = async (town: Town, ids: readonly string[]): Promise<Board> => {
  const figures = await town.store.reader.figures(town.now());
  const cards = (await town.shown()).filter(({ isCard, address }) => isCard && !address.startsWith('dev:'));
  return {
    queued: figures.ready + figures.later,
    held: figures.running,
    waiting: figures.waiting,
    dead: figures.deadJobs,
    cards: ids.flatMap((id, index) =>
      cards.flatMap(({ runId, text }) => (runId === id ? [`${index} ${text.split(' ')[0] ?? ''}`] : [])),
    ),
  };
};

/** The store with the turnstile in front of every call. */
const behind = (gate: Turnstile, store: Store): Store => {
  const wrap = <T extends object>(target: T): T =>
    Object.fromEntries(
      Object.entries(target).map(([name, part]: [string, unknown]) => {
        if (typeof part === 'object' && part !== null) return [name, wrap(part)];
        if (typeof part !== 'function' || name === 'onWake') return [name, part];
        const call = (...args: readonly unknown[]) =>
          gate.pass(() => Reflect.apply(part, target, args) as Promise<unknown>);
        return [name, call];
      }),
      // The same names with the same signatures.
    ) as T;
  return wrap(store);
};
