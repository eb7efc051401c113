// One of several processes on the same database: a thread of its own, with a connection and a clock of its own.
import { parentPort, workerData } from 'node:worker_threads';
import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { noon } from '../cast.ts';
import { found } from '../flows/town.ts';
import { firstWorld, listed, peopleOf } from '../model/cast.ts';

/** What the main thread may ask of a rival. */
export interface Rival {
  readonly setTime: (at: number) => Promise<void>;
  /** A message through the whole flow; what its writer is told in that chat, and the run that came of it. */
  readonly say: (chat: string, who: string, text: string) => Promise<Answer>;
  /** What the loops do: deadlines, then lost leases. */
  readonly keepHouse: () => Promise<void>;
  /** Commits so far that found that somebody else had changed the run first. */
  readonly conflicts: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly told: readonly string[];
  readonly runId?: string;
}

/** One call and its answer, as they cross between the threads. */
export interface Call {
  readonly id: number;
  readonly method: keyof Rival;
  readonly args: readonly (string | number)[];
}

export type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: unknown });

const serve = async (url: string): Promise<Rival> => {
  let at = noon;
  let conflicts = 0;
  const opened = await openStore({ url, clock: () => at, migrate: false });
  const store: Store = {
    ...opened,
    runs: {
      ...opened.runs,
      commit: async (commits) => {
        const settled = await opened.runs.commit(commits);
        conflicts += settled.filter((outcome) => outcome === 'stale_version').length;
        return settled;
      },
    },
  };
  const world = firstWorld(false, noon);
  const none = (): Promise<never> =>
    Promise.reject(new Error('a rival neither begins anew nor ends the ground'));
  const town = await found(
    { store, reopen: none, clear: none },
    { clock: () => at, passes: (ms) => void (at += ms) },
    { people: peopleOf(world.people), jobs: listed(world.jobs) },
  );
  return {
    setTime: async (now) => void (at = now),
    say: async (chat, who, text) => {
      const handled = await town.chat(chat).says(who, text);
      const told = (handled?.outbound ?? []).flatMap(({ content }) => content.plain ?? []);
      return { told, ...(handled?.runId === undefined ? {} : { runId: handled.runId }) };
    },
    keepHouse: () => town.keepsHouse(),
    conflicts: async () => conflicts,
    close: () => opened.close(),
  };
};

const port = parentPort;
if (port !== null) {
  const rival = await serve((workerData as { readonly url: string }).url);
  port.on('message', ({ id, method, args }: Call) => {
    const call = rival[method] as (...args: readonly unknown[]) => Promise<unknown>;
    call(...args).then(
      (value) => port.postMessage({ id, value } satisfies Reply),
      (error: unknown) => port.postMessage({ id, error } satisfies Reply),
    );
  });
  port.postMessage({ id: 0, value: undefined } satisfies Reply);
}
