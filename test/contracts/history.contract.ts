import { describe, expect } from 'vitest';
import type { IHistory } from '../../src/core/ports/history.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { canonical } from '../../src/core/runs/canonical.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import { inOrder, nextSeal, type Seal } from '../../src/core/runs/seal.ts';
import { newSigner } from '../sealer.ts';
import { act, approve, nothing, request, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const record = async (store: Store): Promise<void> => {
  const head = await store.runs.head('system');
  const events = link('system', head, [{ type: 'Noted', at: T0, actor: 'system', payload: { b: 1, a: 2 } }]);
  await store.runs.commit([{ ...nothing, records: { expectedSeq: head.seq, events }, at: T0 }]);
};

/** Signed or not makes no difference here. */
const sealOf = async (
  history: IHistory,
  after = '',
): Promise<readonly [Seal, Parameters<IHistory['append']>[1]]> => {
  const { newest, grown } = await history.look(after, 100);
  const events = grown.reduce((sum, { seq, sealedSeq }) => sum + seq - sealedSeq, 0);
  const { key } = newSigner();
  const seal = nextSeal(newest, { at: T0, events, heads: inOrder(grown), key });
  return [{ ...seal, signature: '0'.repeat(128) }, grown];
};

const namesOf = (grown: readonly { readonly chain: string }[]): readonly string[] =>
  grown.map(({ chain }) => chain);

const everything = { chain: '', seq: Number.MAX_SAFE_INTEGER } as const;

export const historyContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the history as it is verified', () => {
    law('rows come page by page, as the runs are stored', async ({ store }) => {
      for (const id of ['C', 'A', 'B']) await act(store, id, request(id));
      const rows = await store.history.rows('', 2);
      expect(rows).toMatchObject([{ chain: 'A' }, { chain: 'B' }]);
      const stored = (await store.runs.find(['A'])).get('A');
      expect(rows[0]).toEqual({
        chain: 'A',
        seq: stored?.version,
        hash: stored?.headHash,
        sealedSeq: 0,
        state: stored?.state,
        suspect: false,
      });
      expect(await store.history.row('A')).toEqual(rows[0]);
      expect(namesOf(await store.history.rows('B', 2))).toEqual(['C']);
      expect(await store.history.row('nobody')).toBeUndefined();
    });

    law('a run whose conversation moved gets a second look', async ({ store }) => {
      await act(store, 'A', request('A'));
      await store.outbox.readdress('dev:ops', 'dev:new', T0);
      expect(await store.history.row('A')).toMatchObject({ suspect: true });
    });

    law('the chain of records has a row too', async ({ store }) => {
      const empty = { chain: 'system', seq: 0, hash: GENESIS, sealedSeq: 0, suspect: false };
      expect(await store.history.row('system')).toEqual(empty);
      await record(store);
      expect(await store.history.row('system')).toMatchObject({ seq: 1, sealedSeq: 0 });
    });

    law('events come in order, with their payload in canonical text', async ({ store }) => {
      for (const id of ['B', 'A']) await act(store, id, request(id));
      await record(store);
      const all = await store.history.events(everything, undefined, 10);
      expect(all.map(({ chain, seq }) => `${chain}${seq}`)).toEqual(['A1', 'A2', 'B1', 'B2', 'system1']);
      for (const event of all) {
        const stored = (await store.runs.history(event.chain)).find(({ seq }) => seq === event.seq);
        expect(event).toEqual({ ...stored, payload: canonical(stored?.payload) });
      }
      const places = async (...args: Parameters<IHistory['events']>) =>
        (await store.history.events(...args)).map(({ chain, seq }) => `${chain}${seq}`);
      expect(await places({ chain: 'A', seq: 1 }, undefined, 2)).toEqual(['A2', 'B1']);
      expect(await places({ chain: 'A', seq: 1 }, 'A', 10)).toEqual(['A2']);
      expect(await places({ chain: 'A', seq: Number.MAX_SAFE_INTEGER }, 'B', 10)).toEqual(['B1', 'B2']);
    });

    law('an actor with a character that separates columns is read as it is', async ({ store }) => {
      const actor = 'user:dev:a\u001fb';
      const events = link('system', { seq: 0, hash: GENESIS }, [
        { type: 'Noted', at: T0, actor, payload: {} },
      ]);
      await store.runs.commit([{ ...nothing, records: { expectedSeq: 0, events }, at: T0 }]);
      expect(await store.history.events(everything, undefined, 10)).toEqual([
        { ...events[0], payload: '{}' },
      ]);
    });
  });

  describe('seals', () => {
    law('what has grown is named with its newest event, until it is sealed', async ({ store }) => {
      const { history } = store;
      expect(await history.look('', 10)).toEqual({ newest: undefined, grown: [] });
      await act(store, 'B', request('B'));
      await act(store, 'A', request('A'));
      await record(store);
      const { grown } = await history.look('', 10);
      expect(namesOf(grown)).toEqual(['system', 'A', 'B']);
      for (const { chain, hash, eventHash, seq } of grown) {
        const newest = (await store.runs.history(chain)).at(-1);
        expect({ hash, eventHash, seq }).toEqual({ hash: newest?.hash, eventHash: hash, seq: newest?.seq });
      }
      expect(namesOf((await history.look('A', 10)).grown)).toEqual(['B']);
      expect(namesOf((await history.look('', 1)).grown)).toEqual(['system', 'A']);
      const [seal, heads] = await sealOf(history);
      expect(await history.append(seal, heads)).toBe('appended');
      expect(await history.look('', 10)).toEqual({ newest: seal, grown: [] });
      await act(store, 'A', approve());
      expect((await history.look('', 10)).grown).toMatchObject([
        { chain: 'A', seq: 4, sealedSeq: 2, lastSealed: 2 },
      ]);
    });

    law('a number is taken once, and who comes second leaves nothing behind', async ({ store, other }) => {
      await act(store, 'A', request('A'));
      const [one, heads] = await sealOf(store.history);
      const [two] = await sealOf(other.history);
      expect(one.number).toBe(two.number);
      const outcomes = await Promise.all([
        store.history.append(one, heads),
        other.history.append(two, heads),
      ]);
      expect(outcomes.toSorted()).toEqual(['appended', 'taken']);
      expect(await store.history.append(two, heads)).toBe('taken');
      expect(await store.history.seals(0, 10)).toEqual([outcomes[0] === 'appended' ? one : two]);
      expect(await store.history.headsOfSeals(0, 10)).toHaveLength(1);
    });

    law('a run that goes on while it is sealed is sealed only as far as was seen', async ({ store }) => {
      await act(store, 'A', request('A'));
      const [seal, heads] = await sealOf(store.history);
      await act(store, 'A', approve());
      await store.history.append(seal, heads);
      expect(await store.history.row('A')).toMatchObject({ seq: 4, sealedSeq: 2 });
      expect((await store.history.look('', 10)).grown).toMatchObject([{ chain: 'A', seq: 4, sealedSeq: 2 }]);
    });

    law('sealing changes nothing about a run, and commits go on as before', async ({ store }) => {
      await act(store, 'A', request('A'));
      const before = (await store.runs.find(['A'])).get('A');
      await store.history.append(...(await sealOf(store.history)));
      expect((await store.runs.find(['A'])).get('A')).toEqual(before);
      expect(await act(store, 'A', approve())).toBe('committed');
    });

    law('seals and what they name are read by number and by chain', async ({ store }) => {
      const { history } = store;
      for (const id of ['A', 'B', 'C']) {
        await act(store, id, request(id));
        await history.append(...(await sealOf(history)));
      }
      await act(store, 'A', approve());
      await history.append(...(await sealOf(history)));
      expect((await history.seals(0, 10)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
      expect((await history.seals(2, 1)).map(({ number }) => number)).toEqual([3]);
      const places = (heads: readonly { chain: string; seq: number; seal: number }[]) =>
        heads.map(({ chain, seq, seal }) => `${chain}${seq} by ${seal}`);
      expect(places(await history.headsOf('', undefined))).toEqual([
        'A2 by 1',
        'A4 by 4',
        'B2 by 2',
        'C2 by 3',
      ]);
      expect(places(await history.headsOf('A', 'B'))).toEqual(['B2 by 2']);
      expect(places(await history.headsOfChain('A'))).toEqual(['A2 by 1', 'A4 by 4']);
      expect(places(await history.headsOfSeals(2, 3)).toSorted()).toEqual(['B2 by 2', 'C2 by 3']);
    });
  });
};
