import { describe, expect } from 'vitest';
import type { RunFilter, Store, StoredRun } from '../../src/core/ports/store.ts';
import { type Dice, dice } from './dice.ts';
import { act, approve, cancel, expire, request, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const JOBS = ['backup', 'deploy', 'Ünïcode'] as const;
const PLACES = ['dev:ops', 'dev:b'] as const;
const RUNS = 24;

/** Runs of every kind of end, some of the same moment. */
const filled = async (store: Store, roll: Dice): Promise<readonly StoredRun[]> => {
  for (let n = 0; n < RUNS; n += 1) {
    const [runId, at] = [`R${n}`, T0 + roll.below(6)];
    await act(store, runId, request(runId, { at, jobKey: roll.among(JOBS), address: roll.among(PLACES) }));
    const next = roll.among([approve(at + 10), cancel(at + 10), expire(at + 86_400_000), undefined]);
    if (next !== undefined) await act(store, runId, next);
  }
  const all = await store.runs.find(Array.from({ length: RUNS }, (_, n) => `R${n}`));
  return [...all.values()];
};

const filterOf = (roll: Dice, all: readonly StoredRun[]): Omit<RunFilter, 'limit'> => {
  const maybe = (part: Partial<RunFilter>): Partial<RunFilter> => (roll.below(3) === 0 ? part : {});
  const statuses = [...new Set(all.map(({ state }) => state.status))];
  return {
    ...maybe({ status: roll.some(statuses) }),
    ...maybe({ jobKey: roll.among([...JOBS, 'none']) }),
    ...maybe({ address: roll.among(PLACES) }),
    ...maybe({ since: T0 + roll.below(7) }),
    ...maybe({ requesterId: roll.among(['ana', 'bob'] as const) }),
  };
};

/** The same in a loop over everything. */
const expected = (all: readonly StoredRun[], filter: Omit<RunFilter, 'limit'>): readonly string[] =>
  all
    .map(({ state }) => state)
    .filter(
      ({ status, jobKey, origin, createdAt }) =>
        (filter.status?.includes(status) ?? true) &&
        (filter.jobKey ?? jobKey) === jobKey &&
        (filter.address ?? origin.address) === origin.address &&
        (filter.since ?? createdAt) <= createdAt &&
        filter.requesterId !== 'bob',
    )
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? 1 : -1))
    .map(({ runId }) => runId);

const paged = async (store: Store, filter: RunFilter): Promise<readonly string[]> => {
  const { runs, nextCursor } = await store.runs.list(filter);
  const ids = runs.map(({ state }) => state.runId);
  expect(ids.length).toBeLessThanOrEqual(filter.limit);
  // A next page is only promised when there is something on it.
  if (filter.cursor !== undefined) expect(ids).not.toEqual([]);
  return nextCursor === undefined
    ? ids
    : [...ids, ...(await paged(store, { ...filter, cursor: nextCursor }))];
};

const nowhere = ['', '.', 'x.R1', '1', '.R1', `${2 ** 53}.R1`, 'NaN.R1', '1e999.R1', '-.R1'];

export const listsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('lists of runs', () => {
    law('show what every mixture of filters leaves, in pages of every size', async ({ store }) => {
      const roll = dice(21);
      const all = await filled(store, roll);
      const lengths = new Set<number>();
      for (let look = 0; look < 60; look += 1) {
        const filter = filterOf(roll, all);
        const ids = await paged(store, { ...filter, limit: 1 + roll.below(9) });
        expect({ filter, ids }).toEqual({ filter, ids: expected(all, filter) });
        lengths.add(ids.length);
      }
      expect(lengths.size).toBeGreaterThan(5);
    });

    law('lead nowhere behind a cursor that nobody handed out', async ({ store }) => {
      await act(store, 'R1', request('R1'));
      for (const cursor of nowhere) {
        expect(await store.runs.list({ limit: 5, cursor })).toEqual({ runs: [] });
      }
    });

    law('go on behind a run that has ended meanwhile', async ({ store }) => {
      for (const [n, id] of ['A', 'B', 'C'].entries()) await act(store, id, request(id, { at: T0 + n }));
      const waiting = { status: ['AwaitingApproval'], limit: 1 } as const;
      const { nextCursor = '' } = await store.runs.list(waiting);
      await act(store, 'C', cancel(T0 + 5));
      await act(store, 'D', request('D', { at: T0 + 9 }));
      expect(await paged(store, { ...waiting, cursor: nextCursor })).toEqual(['B', 'A']);
    });
  });
};
