import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { RunFilter, Store } from '../../src/core/ports/store.ts';
import { firstFault, GENESIS, link } from '../../src/core/runs/chain.ts';
import {
  act,
  approve,
  cancel,
  claimIn,
  claimOut,
  expire,
  note,
  nothing,
  nudge,
  refold,
  request,
  run,
  send,
  spec,
  T0,
  text,
} from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const allPages = async (store: Store, filter: Omit<RunFilter, 'cursor'>): Promise<readonly string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.runs.list({ ...filter, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.runs.map(({ state }) => state.runId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
};

export const runsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('runs', () => {
    law('lists show the newest first, page after page, each run once', async ({ store }) => {
      for (let n = 0; n < 7; n += 1)
        await act(store, `R${n}`, request(`R${n}`, { at: T0 + Math.floor(n / 2) }));
      const expected = ['R6', 'R5', 'R4', 'R3', 'R2', 'R1', 'R0'];
      expect(await allPages(store, { limit: 2 })).toEqual(expected);
      expect(await allPages(store, { limit: 100 })).toEqual(expected);
      expect((await store.runs.list({ limit: 5, cursor: 'nonsense' })).runs).toEqual([]);
    });

    law('lists can be narrowed by every filter', async ({ store }) => {
      await act(store, 'A', request('A', { jobKey: 'deploy', at: T0 }));
      await act(store, 'B', request('B', { address: 'dev:b', at: T0 + 1 }));
      await act(store, 'C', request('C', { at: T0 + 2 }));
      await act(store, 'C', cancel(T0 + 3));
      const ids = (filter: Partial<RunFilter>) => allPages(store, { limit: 10, ...filter });
      expect(await ids({ jobKey: 'deploy' })).toEqual(['A']);
      expect(await ids({ address: 'dev:b' })).toEqual(['B']);
      expect(await ids({ since: T0 + 1 })).toEqual(['C', 'B']);
      expect(await ids({ requesterId: 'ana' })).toEqual(['C', 'B', 'A']);
      expect(await ids({ requesterId: 'bob' })).toEqual([]);
      expect(await ids({ status: ['Canceled', 'Failed'] })).toEqual(['C']);
      expect(await ids({ status: ['AwaitingApproval'], jobKey: 'backup' })).toEqual(['B']);
      expect(await ids({ status: ['AwaitingApproval', 'Canceled'] })).toEqual(['C', 'B', 'A']);
    });

    law('a conversation knows what waits in it, oldest first', async ({ store }) => {
      await act(store, 'A', request('A', { at: T0 + 1 }));
      await act(store, 'B', request('B', { at: T0 }));
      await act(store, 'C', request('C', { address: 'dev:b' }));
      await act(store, 'A', approve(T0 + 2));
      await act(store, 'D', request('D', { at: T0 + 3 }));
      const waiting = async (limit: number) =>
        (await store.runs.waitingIn('dev:ops', limit)).map(({ state }) => state.runId);
      expect(await waiting(10)).toEqual(['B', 'D']);
      expect(await waiting(1)).toEqual(['B']);
    });

    law('deadlines are found when they have passed, and only then', async ({ store }) => {
      await act(store, 'A', request('A', { at: T0 }));
      const state = (await run(store, 'A'))?.state;
      const due = state?.status === 'AwaitingApproval' ? state.decideBy : 0;
      expect(await store.runs.overdue(due, 10)).toEqual([]);
      expect(await store.runs.overdue(due + 1, 10)).toEqual(['A']);
      expect(await store.runs.overdue(due + 1, 10, ['A'])).toEqual([]);
      await act(store, 'A', expire(due + 1));
      expect((await run(store, 'A'))?.state.status).toBe('Expired');
      expect(await store.runs.overdue(due + 1, 10)).toEqual([]);
    });

    law(
      'whoever is to be told is found when it is time, once, and never after the deadline',
      async ({ store }) => {
        const plain = spec();
        const approval = {
          ...plain.approval,
          remindMs: 60_000,
          escalate: { afterMs: 30_000, to: 'dev:boss' },
        };
        await act(store, 'B', request('B'));
        await act(store, 'A', request('A', { spec: { ...plain, approval } }));
        const due = (at: number) => store.runs.noticeDue(at, 10);
        const end = T0 + approval.decideByMs;
        expect(await due(T0 + 29_999)).toEqual([]);
        expect(await due(T0 + 30_000)).toEqual(['A']);
        expect(await store.runs.noticeDue(T0 + 30_000, 10, ['A'])).toEqual([]);
        await act(store, 'A', nudge(T0 + 30_000));
        expect(await due(end - 60_001)).toEqual([]);
        expect(await due(end - 60_000)).toEqual(['A']);
        expect(await due(end)).toEqual(['A']);
        expect(await due(end + 1)).toEqual([]);
        expect(await store.runs.misfits(['A', 'B'])).toEqual(new Map());
        await act(store, 'A', nudge(end));
        expect(await due(end)).toEqual([]);
        expect(await refold(store, 'A')).toEqual((await run(store, 'A'))?.state);
      },
    );

    law(
      'the output of an attempt is what was written of it last, also within one batch',
      async ({ store }) => {
        const output = { runId: 'A', epoch: 1, attempt: 1, head: 'so far', tail: '', bytes: 6 };
        await store.runs.commit([{ ...nothing, at: T0, output }]);
        const whole = { ...output, head: 'so far and to the end', bytes: 21 };
        await store.runs.commit([
          { ...nothing, at: T0, output: { ...output, head: 'further' } },
          { ...nothing, at: T0, output: whole },
        ]);
        expect(await store.runs.output('A')).toEqual(whole);
      },
    );

    law('the newest output of a run is found, and each by its attempt', async ({ store }) => {
      const output = { runId: 'A', epoch: 1, attempt: 1, head: 'one', tail: '', bytes: 3 };
      expect(await store.runs.output('A')).toBeUndefined();
      const newer = { ...output, attempt: 2, head: 'two' };
      await store.runs.commit([
        { ...nothing, at: T0, output: newer },
        { ...nothing, at: T0, output },
      ]);
      expect(await store.runs.output('A')).toEqual(newer);
      expect(await store.runs.output('A', { epoch: 1, attempt: 1 })).toEqual(output);
      expect(await store.runs.output('A', { epoch: 2, attempt: 1 })).toBeUndefined();
      expect(await store.runs.output('B', { epoch: 1, attempt: 1 })).toBeUndefined();
    });

    law('every chain is named once, page after page', async ({ store }) => {
      for (const id of ['C', 'A', 'B']) await act(store, id, request(id));
      expect(await store.runs.chains(undefined, 2)).toEqual(['A', 'B']);
      expect(await store.runs.chains('B', 2)).toEqual(['C']);
      expect(await store.runs.chains('C', 2)).toEqual([]);
      expect(await store.runs.history('nobody')).toEqual([]);
    });

    law('whatever people write comes back as they wrote it, and the chain still holds', async ({ store }) => {
      const words = fc.string({ unit: 'binary', maxLength: 40 }).map((one) => one.replaceAll('\0', ''));
      const values = fc.dictionary(
        words,
        fc.oneof(words, fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
      );
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(words, values, async (said, payload) => {
          seen += 1;
          const head = { seq: 0, hash: GENESIS };
          const chain = `chain-${seen}`;
          const state = (await givenState(store)).state;
          const events = link(chain, head, [{ type: 'RiskFlagged', at: T0, actor: said, payload }]);
          const told = note(`k${seen}`, {
            content: { kind: 'note', note: { lines: [[said]], actions: [] } },
          });
          const runChange = { state: { ...state, runId: chain, title: said }, expectedVersion: 0, events };
          await store.runs.commit([{ ...send(told), run: runChange }]);
          await store.inbox.accept([text(`m${seen}`, { text: said, lane: chain })], T0);
          const history = await store.runs.history(chain);
          expect(history).toEqual(events);
          expect(firstFault(history)).toBeUndefined();
          expect((await run(store, chain))?.state.title).toBe(said);
          const heard = (await claimIn(store, { limit: 1_000 })).find(
            ({ inbound }) => inbound.lane === chain,
          );
          expect(heard?.inbound).toMatchObject({ text: said });
          const [outgoing] = await claimOut(store);
          expect(outgoing?.draft).toEqual(told);
          await store.outbox.settle([{ outboxId: outgoing?.outboxId ?? 0, k: 'sent' }], T0, 'sender');
        }),
        { numRuns: 15 },
      );
    });

    law('half a character becomes the sign for an unknown one', async ({ store }) => {
      const payload = { words: 'half \ud83d of a face' };
      const events = link('A', { seq: 0, hash: GENESIS }, [
        { type: 'RiskFlagged', at: T0, actor: 'system', payload },
      ]);
      await store.runs.commit([
        {
          ...nothing,
          at: T0,
          run: { state: { ...(await givenState(store)).state, runId: 'A' }, expectedVersion: 0, events },
        },
      ]);
      const history = await store.runs.history('A');
      expect(history[0]?.payload).toEqual({ words: 'half \ufffd of a face' });
      expect(firstFault(history)).toBeUndefined();
    });

    law('the time is told', async ({ store }) => {
      expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(60_000);
    });
  });
};

const givenState = async (store: Store) => {
  if ((await run(store, 'given')) === undefined) await act(store, 'given', request('given'));
  const stored = await run(store, 'given');
  if (stored === undefined) throw new Error('no run was given');
  return stored;
};
