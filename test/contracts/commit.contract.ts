import { describe, expect } from 'vitest';
import type { Commit, Once } from '../../src/core/ports/commit.ts';
import { firstFault, link } from '../../src/core/runs/chain.ts';
import {
  act,
  approve,
  arrive,
  cancel,
  change,
  claimIn,
  claimOut,
  claimRuns,
  enqueue,
  entry,
  keysOf,
  note,
  nothing,
  refold,
  request,
  run,
  send,
  T0,
} from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const first = (eventKey: string): Once => ({
  kind: 'first',
  channel: 'dev',
  account: 'dev',
  eventKey,
  lane: 'dev:ops',
});

export const commitContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('commit', () => {
    law('the same message commits once', async ({ store, other }) => {
      const inboxId = await arrive(store, 'm1');
      const commit: Commit = { ...send(note('hello')), once: { kind: 'mark', inboxId } };
      expect(await store.runs.commit([commit])).toEqual(['committed']);
      expect(await other.runs.commit([commit])).toEqual(['seen_before']);
      expect(keysOf(await claimOut(store))).toEqual(['hello']);
    });

    law('the same message of a synchronous door commits once, also in one batch', async ({ store }) => {
      const commit: Commit = { ...change(undefined, request('R1'), 'R1'), once: first('p1') };
      const twin: Commit = { ...change(undefined, request('R2'), 'R2'), once: first('p1') };
      expect(await store.runs.commit([commit, twin])).toEqual(['committed', 'seen_before']);
      expect(await store.runs.commit([twin])).toEqual(['seen_before']);
      expect([...(await store.runs.find(['R1', 'R2'])).keys()]).toEqual(['R1']);
      expect(await store.inbox.resultOf('dev', 'dev', 'p1')).toEqual({ runId: 'R1' });
    });

    law('a stale commit leaves nothing behind, not even in the inbox', async ({ store, other }) => {
      await act(store, 'R1', request('R1'));
      const stored = await run(store, 'R1');
      const inboxId = await arrive(store, 'm1');
      const late: Commit = {
        ...change(stored, cancel(), 'R1'),
        once: { kind: 'mark', inboxId },
        outbox: [note('late')],
        queue: [{ op: 'add', entry: entry('R1') }],
      };
      expect(await act(other, 'R1', approve())).toBe('committed');
      expect(await store.runs.commit([late])).toEqual(['stale_version']);
      expect((await claimIn(store)).map((head) => head.inboxId)).toEqual([inboxId]);
      expect(await claimOut(store)).toEqual([]);
      expect(await claimRuns(store)).toEqual([]);
      expect((await run(store, 'R1'))?.state.status).toBe('Dispatching');
    });

    law('a stored state equals the fold of the stored events, whose chain holds', async ({ store }) => {
      await act(store, 'R1', request('R1'));
      await act(store, 'R1', approve());
      await act(store, 'R1', cancel());
      const history = await store.runs.history('R1');
      const stored = await run(store, 'R1');
      expect(await refold(store, 'R1')).toEqual(stored?.state);
      expect(firstFault(history)).toBeUndefined();
      expect(stored).toMatchObject({ version: history.length, headHash: history.at(-1)?.hash });
    });

    law('commits of a batch stand or fall alone', async ({ store }) => {
      await act(store, 'R1', request('R1'));
      const stored = await run(store, 'R1');
      const outcomes = await store.runs.commit([
        change(undefined, request('R2'), 'R2'),
        change(stored, approve(), 'R1'),
        change(stored, cancel(), 'R1'),
        change(undefined, request('R3'), 'R3'),
      ]);
      expect(outcomes).toEqual(['committed', 'committed', 'stale_version', 'committed']);
      expect((await run(store, 'R1'))?.state.status).toBe('Dispatching');
      expect((await store.runs.find(['R2', 'R3'])).size).toBe(2);
    });

    law('of many that decide on the same state at the same time one wins', async ({ store, other }) => {
      await act(store, 'R1', request('R1'));
      const stored = await run(store, 'R1');
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const door = n % 2 === 0 ? store : other;
          const command = n % 4 < 2 ? approve() : cancel();
          return (await door.runs.commit([change(stored, command, 'R1')]))[0];
        }),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'stale_version')).toHaveLength(19);
      expect(await refold(store, 'R1')).toEqual((await run(store, 'R1'))?.state);
    });

    law('of two that create the same run at the same time one wins', async ({ store, other }) => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          const door = n % 2 === 0 ? store : other;
          return (await door.runs.commit([change(undefined, request('R1', { at: T0 + n }), 'R1')]))[0];
        }),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'stale_version')).toHaveLength(9);
      expect(firstFault(await store.runs.history('R1'))).toBeUndefined();
    });

    law('a worker that lost its lease writes nothing', async ({ store }) => {
      await store.runs.commit([enqueue(entry('R1'))]);
      const [claimed] = await claimRuns(store);
      const fence = claimed?.fence ?? 0;
      const report = (mine: number, after: 'keep' | 'release'): Commit => ({
        ...send(note(`from ${mine} ${after}`)),
        lease: { runId: 'R1', fence: mine, after },
      });
      expect(await store.runs.commit([report(fence - 1, 'keep'), report(fence + 1, 'keep')])).toEqual([
        'stale_lease',
        'stale_lease',
      ]);
      expect(await store.runs.commit([report(fence, 'keep'), report(fence, 'release')])).toEqual([
        'committed',
        'committed',
      ]);
      expect(await store.runs.commit([report(fence, 'keep')])).toEqual(['stale_lease']);
      expect(keysOf(await claimOut(store))).toEqual([`from ${fence} keep`]);
    });

    law('a lease ends before the same commit queues the run again', async ({ store }) => {
      await store.runs.commit([enqueue(entry('R1'))]);
      const [claimed] = await claimRuns(store);
      const again: Commit = {
        ...enqueue(entry('R1', { attempt: 2, fence: 1 })),
        lease: { runId: 'R1', fence: claimed?.fence ?? 0, after: 'release' },
      };
      expect(await store.runs.commit([again])).toEqual(['committed']);
      expect(await claimRuns(store)).toMatchObject([{ entry: { runId: 'R1', attempt: 2 }, fence: 2 }]);
    });

    law('records of no run continue the one chain of the system', async ({ store, other }) => {
      const record = async (door: typeof store) => {
        const head = await door.runs.head('system');
        const event = { type: 'FreezeSet', at: T0, actor: 'user:dev:ana', payload: { on: true } };
        return {
          ...nothing,
          at: T0,
          records: { expectedSeq: head.seq, events: link('system', head, [event]) },
        };
      };
      const [one, two] = [await record(store), await record(other)];
      expect(await store.runs.commit([one])).toEqual(['committed']);
      expect(await other.runs.commit([two])).toEqual(['stale_version']);
      expect(await other.runs.commit([await record(other)])).toEqual(['committed']);
      const history = await store.runs.history('system');
      expect(history.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(firstFault(history)).toBeUndefined();
      expect(await store.runs.chains(undefined, 10)).toEqual(['system']);
    });

    law('callers at the same time each get their own answer', async ({ store }) => {
      const outcomes = await Promise.all(
        Array.from({ length: 300 }, (_, n) =>
          store.runs.commit([
            { ...change(undefined, request(`R${n}`), `R${n}`), once: first(`p${n % 150}`) },
          ]),
        ),
      );
      expect(outcomes.flat().filter((one) => one === 'committed')).toHaveLength(150);
      expect(outcomes.slice(0, 150).flat()).toEqual(Array.from({ length: 150 }, () => 'committed'));
    });

    law('an impossible commit does not take its neighbours down', async ({ store }) => {
      const good = change(undefined, request('R1'), 'R1');
      const impossible = change(undefined, request('R2'), 'R2');
      const broken: Commit = {
        ...impossible,
        // Two events of one number, which no rule of ours makes.
        run: impossible.run && {
          ...impossible.run,
          events: impossible.run.events.map((e) => ({ ...e, seq: 1 })),
        },
      } as Commit;
      const [one, two] = await Promise.allSettled([store.runs.commit([good]), store.runs.commit([broken])]);
      expect(one).toEqual({ status: 'fulfilled', value: ['committed'] });
      expect(two.status).toBe('rejected');
      expect([...(await store.runs.find(['R1', 'R2'])).keys()]).toEqual(['R1']);
    });

    law('a commit wakes whoever has work from it', async ({ store }) => {
      const woken: string[] = [];
      const stop = store.onWake((what) => woken.push(what));
      await store.runs.commit([{ ...enqueue(entry('R1')), outbox: [note('n')] }]);
      // A store that only begins to listen to other processes wakes everybody once, so there may be more.
      expect(woken).toEqual(expect.arrayContaining(['outbox', 'queue']));
      stop();
    });
  });
};
