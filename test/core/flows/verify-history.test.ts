import { describe, expect, onTestFinished, test } from 'vitest';
import { exportHistory } from '../../../src/core/flows/history/export-history.ts';
import { sealHistory } from '../../../src/core/flows/history/seal-history.ts';
import { verifyHistory } from '../../../src/core/flows/history/verify-history.ts';
import type { IHistory } from '../../../src/core/ports/history.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { link } from '../../../src/core/runs/chain.ts';
import { nextSeal } from '../../../src/core/runs/seal.ts';
import { openStore } from '../../../src/db/open.ts';
import { act, approve, change, nothing, request, T0 } from '../../contracts/given.ts';
import { sealerOn } from '../../sealer.ts';

const memory = async (): Promise<Store> => {
  const store = await openStore({ url: ':memory:', clock: () => T0 });
  onTestFinished(() => store.close());
  return store;
};

/** Runs in one commit, each with its first two events. */
const manyRuns = async (store: Store, count: number): Promise<void> => {
  const ids = Array.from({ length: count }, (_, index) => `R${String(index).padStart(5, '0')}`);
  await store.runs.commit(ids.map((id) => change(undefined, request(id), id)));
};

const manyRecords = async (store: Store, count: number): Promise<void> => {
  const head = await store.runs.head('system');
  const record = { type: 'Noted', at: T0, actor: 'system', payload: {} };
  const events = link(
    'system',
    head,
    Array.from({ length: count }, () => record),
  );
  await store.runs.commit([{ ...nothing, records: { expectedSeq: head.seq, events }, at: T0 }]);
};

/** The same store, but something happens before one of its answers. */
const disturbed = (store: Store, name: keyof IHistory, before: () => Promise<unknown>): Store => {
  const history = new Proxy(store.history, {
    get: (target, key: keyof IHistory) => {
      const method = target[key] as (...args: readonly unknown[]) => Promise<unknown>; // every member is one
      if (key !== name) return method;
      return async (...args: readonly unknown[]) => {
        await before();
        return method(...args);
      };
    },
  });
  return { ...store, history };
};

/** Only the first times. */
const times = (count: number, happen: () => Promise<unknown>): (() => Promise<unknown>) => {
  let left = count;
  return async () => {
    left -= 1;
    return left < 0 ? undefined : happen();
  };
};

describe('a history longer than any page', () => {
  test('is sealed a thousand runs at a time, verified to its end, and exported whole', async () => {
    const store = await memory();
    await manyRuns(store, 1105);
    await manyRecords(store, 2105);
    const { seal, verify, sealAll } = await sealerOn(store);
    expect(await seal('when_due')).toBe('busy');
    expect(await verify()).toMatchObject({ newest: { number: 1 }, unsealed: 210 });
    expect(await seal('when_due')).toBe('idle');
    for (let more = 0; more < 23; more += 1) {
      await manyRecords(store, 1);
      await sealAll();
    }
    const { fault, ...verdict } = await verify();
    expect(fault).toBeUndefined();
    expect(verdict).toMatchObject({ events: 2210 + 2128, chains: 1106, unsealed: 0, newest: { number: 25 } });

    const lines: string[] = [];
    for await (const text of exportHistory(store.history)) lines.push(...text.trim().split('\n'));
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ kind: 'end', events: 2210 + 2128, seals: 25 });
    expect(new Set(lines).size).toBe(1 + 1 + 25 + 4338 + 1);
  });

  test('is exported from a moment on, with the seal before it', async () => {
    let now = T0;
    const store = await openStore({ url: ':memory:', clock: () => now });
    onTestFinished(() => store.close());
    await manyRuns(store, 1001);
    const { sealAll } = await sealerOn(store);
    for (let seals = 0; seals < 41; seals += 1) {
      now += 1000;
      await manyRecords(store, 1);
      await sealAll();
    }
    await act(store, 'R00500', approve(now));
    const kinds = async (since: number): Promise<readonly string[]> => {
      const names: string[] = [];
      for await (const text of exportHistory(store.history, since)) {
        for (const line of text.trim().split('\n')) {
          const { kind, number, chain, seq } = JSON.parse(line) as Record<string, string | number>;
          names.push([kind, number ?? chain ?? '', seq ?? ''].join(' ').trim());
        }
      }
      return names;
    };
    const records = Array.from({ length: 41 }, (_, index) => `event system ${index + 1}`);
    const own = [1, 2, 3, 4].map((seq) => `event R00500 ${seq}`);
    const last = now;
    // The first seal took two: more runs than one of them takes.
    const begin = ['history', 'key'];
    expect(await kinds(last)).toEqual([...begin, 'seal 41', 'seal 42', ...records, ...own, 'end']);
    expect(await kinds(last + 1)).toEqual([...begin, 'seal 42', ...records, 'end']);
    expect((await kinds(T0)).filter((name) => name.startsWith('seal '))).toHaveLength(42);
    const [, , ...from20] = await kinds(T0 + 20_000);
    expect(from20[0]).toBe('seal 20');
  });
});

describe('somebody works while a history is verified', () => {
  test.each([
    ['a run that goes on', 'events', (store: Store) => act(store, 'R00000', approve())],
    ['a run that begins', 'events', (store: Store) => act(store, 'Z', request('Z'))],
    ['a record', 'events', (store: Store) => manyRecords(store, 1)],
    ['a seal', 'headsOf', async (store: Store) => (await sealerOn(store)).sealAll()],
    ['a run that goes on once more', 'headsOfChain', (store: Store) => act(store, 'R00000', approve())],
  ] as const)('%s in between is no fault', async (_, before, disturb) => {
    const store = await memory();
    await manyRuns(store, 3);
    await manyRecords(store, 1);
    // It gets a second look in any case.
    await store.outbox.readdress('dev:ops', 'dev:new', T0);
    const { checks } = await sealerOn(store);
    const busy = disturbed(
      store,
      before,
      times(1, () => disturb(store)),
    );
    const { fault } = await verifyHistory(busy, { ...(await checks()), keys: new Set() });
    expect(fault).toBeUndefined();
  });

  test('a run that never stands still is told to be wrong after some looks', async () => {
    const store = await memory();
    await manyRuns(store, 1);
    await store.outbox.readdress('dev:ops', 'dev:new', T0);
    const { checks } = await sealerOn(store);
    const flags = async (): Promise<void> => {
      const run = (await store.runs.find(['R00000'])).get('R00000');
      if (run === undefined) throw new Error('there is no run');
      const flag = { type: 'RiskFlagged', at: T0, actor: 'system', payload: { score: '1', words: '' } };
      const events = link('R00000', { seq: run.version, hash: run.headHash }, [flag]);
      await store.runs.commit([
        { ...nothing, run: { state: run.state, expectedVersion: run.version, events }, at: T0 },
      ]);
    };
    const { fault } = await verifyHistory(disturbed(store, 'headsOfChain', flags), await checks());
    expect(fault).toEqual({ chain: 'R00000', seq: 7, words: 'the head does not name event 7' });
  });

  test('a database that goes away ends it with its own words', async () => {
    const store = await memory();
    await manyRuns(store, 450);
    const { checks } = await sealerOn(store);
    let reads = 0;
    const broken = disturbed(store, 'rows', () => {
      reads += 1;
      return reads > 1 ? Promise.reject(new Error('the database is gone')) : Promise.resolve();
    });
    await expect(verifyHistory(broken, await checks())).rejects.toThrow('the database is gone');
  });
});

describe('seals that were made by somebody', () => {
  test('who sealed in between are checked before anything is signed on top', async () => {
    const store = await memory();
    await manyRuns(store, 1);
    const { seal, ...one } = await sealerOn(store);
    const meanwhile = times(1, async () => {
      await seal('now');
      await manyRecords(store, 1);
    });
    const other = sealHistory({ ...one, store: disturbed(store, 'look', meanwhile) });
    expect(await other('now')).toBe('busy');
    expect(await other('now')).toBe('idle');
    expect(await one.verify()).toMatchObject({ newest: { number: 2 }, unsealed: 0 });
  });

  test('who took the number first, win', async () => {
    const store = await memory();
    await manyRuns(store, 1);
    const { seal, ...one } = await sealerOn(store);
    const other = sealHistory({
      ...one,
      store: disturbed(
        store,
        'append',
        times(1, () => seal('now')),
      ),
    });
    expect(await other('now')).toBe('busy');
    expect(await other('now')).toBe('idle');
    expect(await one.verify()).toMatchObject({ newest: { number: 1 }, unsealed: 0 });
  });

  test.each([
    [
      'it does not follow on the one before',
      { previous: '1'.repeat(64) },
      'it does not follow on the one before',
    ],
    ['was changed: its hash does not match', { events: 7 }, 'it was changed: its hash does not match'],
    ['its signature does not fit', { signature: '0'.repeat(128) }, 'its signature does not fit'],
  ])('and are wrong are neither believed nor built upon: %s', async (told, over, published) => {
    const store = await memory();
    await manyRuns(store, 1);
    const { sealAll, seal, verify, signer } = await sealerOn(store);
    await sealAll();
    const [first] = await store.history.seals(0, 1);
    const part = { at: T0, events: 0, heads: [], key: signer.key };
    const proper = nextSeal(
      { number: 1, hash: 'previous' in over ? over.previous : (first?.hash ?? '') },
      part,
    );
    await store.history.append({ ...proper, signature: signer.sign(proper.hash), ...over }, []);
    await manyRecords(store, 1);
    await expect(seal('now')).rejects.toThrow(`seal 2 is not published: ${published}`);
    expect((await verify()).fault).toMatchObject({ seal: 2, words: expect.stringContaining(told) });
  });

  test('a file that has fallen far behind catches up', async () => {
    const store = await memory();
    const { sealAll, signer, ...own } = await sealerOn(store);
    for (let seals = 0; seals < 105; seals += 1) {
      await manyRecords(store, 1);
      await sealAll();
    }
    const late = await sealerOn(store, { signer });
    await late.seal('when_due');
    expect((await late.checks()).published).toEqual((await own.checks()).published);
  });
});

test('a chat is told of a single event in the singular', async () => {
  const store = await memory();
  const seen: Observation[] = [];
  const { sealAll } = await sealerOn(store, {
    chat: () => 'telegram:-100',
    observe: (one) => seen.push(one),
  });
  await manyRecords(store, 1);
  await sealAll();
  const [told] = await store.outbox.claim({
    owner: 'x',
    limit: 1,
    at: T0,
    until: T0 + 1,
    channels: ['telegram'],
  });
  expect(told?.draft.content.plain).toMatch(/^🔏 Seal 1 over 1 more event, /);
  expect(seen).toEqual([{ kind: 'history_sealed', number: 1, events: 1, chains: 1 }]);
});
