import { describe, expect } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import type { Upkeep } from '../../src/core/ports/upkeep.ts';
import { act, arrive, card, claimIn, claimOut, gone, note, nothing, request, send, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const keep = (store: Store, ...upkeep: readonly Upkeep[]) =>
  store.runs.commit([{ ...nothing, upkeep, at: T0 + 5 }]);

const bury = (runId: string, epoch = 1): Upkeep => ({
  kind: 'bury',
  runId,
  jobKey: 'backup',
  epoch,
  attempt: 2,
  error: 'disk full',
});

const letter = (kind: 'job' | 'inbound' | 'outbound', id: number, to: 'again' | 'dropped'): Upkeep => ({
  kind: 'letter',
  letter: { kind, id },
  to,
  by: 'user:dev:ana',
  reason: 'no',
});

export const lettersContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('dead letters', () => {
    law(
      'a run is buried once per epoch, and open until it is recovered or dropped',
      async ({ store, other }) => {
        await keep(store, bury('A'), bury('A'), bury('B'));
        expect(await other.deadLetters.list(10)).toMatchObject([
          { kind: 'job', about: 'B' },
          {
            kind: 'job',
            about: 'A',
            runId: 'A',
            jobKey: 'backup',
            attempts: 2,
            error: 'disk full',
            at: T0 + 5,
          },
        ]);
        expect((await store.reader.figures(T0)).deadJobs).toBe(2);
        const [b, a] = await store.deadLetters.list(10);
        await keep(store, { kind: 'unbury', runId: 'A', by: 'user:dev:ana' });
        await keep(store, letter('job', b?.id ?? 0, 'dropped'));
        expect(await store.deadLetters.list(10)).toEqual([]);
        expect(await store.deadLetters.find(a?.id ?? 0)).toEqual([]);
        await keep(store, bury('A', 2));
        expect(await store.deadLetters.list(10)).toMatchObject([{ about: 'A' }]);
      },
    );

    law('a message that came in is handled again as if it were new', async ({ store }) => {
      const id = await arrive(store, 'm1', 'dev:ops');
      await store.inbox.fail({ inboxId: id, owner: 'pump', error: 'broken', next: { kind: 'dead' } });
      expect(await store.deadLetters.find(id)).toMatchObject([
        { kind: 'inbound', id, about: 'dev:ops', error: 'broken', attempts: 1 },
      ]);
      expect(await claimIn(store, { at: T0 + 9 })).toEqual([]);
      await keep(store, letter('inbound', id, 'again'));
      expect(await store.deadLetters.find(id)).toEqual([]);
      expect(await claimIn(store, { at: T0 + 9 })).toMatchObject([{ inboxId: id, attempts: 0 }]);
    });

    law('a message that nobody can read only waits to be dropped', async ({ store }) => {
      const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
      await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], T0);
      const [found] = await store.deadLetters.list(10);
      expect(found).toMatchObject({ kind: 'inbound', error: 'no schema', hindrance: 'unreadable' });
      await keep(store, letter('inbound', found?.id ?? 0, 'dropped'));
      expect(await store.deadLetters.list(10)).toEqual([]);
      expect((await store.reader.figures(T0)).deadInbox).toBe(0);
    });

    law('a message that goes out is sent again from the beginning', async ({ store }) => {
      await store.runs.commit([send(note('n1'))]);
      const [head] = await claimOut(store);
      const outboxId = head?.outboxId ?? 0;
      await store.outbox.settle([gone(head)], T0, 'sender');
      expect(await store.deadLetters.list(10)).toMatchObject([
        { kind: 'outbound', id: outboxId, about: 'dev:ops', error: 'gone' },
      ]);
      await keep(store, letter('outbound', outboxId, 'again'));
      const [again] = await claimOut(store, { at: T0 + 9 });
      expect(again).toMatchObject({ outboxId, attempts: 0, ambiguous: 0 });
      await store.outbox.settle([gone(again)], T0, 'sender');
      await keep(store, letter('outbound', outboxId, 'dropped'));
      expect(await store.deadLetters.list(10)).toEqual([]);
      await keep(store, letter('outbound', outboxId, 'again'));
      expect(await claimOut(store, { at: T0 + 9 })).toEqual([]);
    });

    law('the card of a run that has changed since is out of date', async ({ store }) => {
      await act(store, 'R1', request('R1'), { outbox: [card('c1', 'R1')] });
      const [head] = await claimOut(store);
      await store.outbox.settle([gone(head)], T0, 'sender');
      expect((await store.deadLetters.list(1))[0]?.hindrance).toBeUndefined();
      await act(store, 'R1', { type: 'expire', by: { kind: 'system' }, at: T0 + 10 * 3_600_000 });
      expect((await store.deadLetters.list(1))[0]?.hindrance).toBe('outdated');
    });
  });
};
