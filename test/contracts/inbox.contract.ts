import { describe, expect } from 'vitest';
import type { Inbound } from '../../src/core/ports/channel.ts';
import type { PendingInbound } from '../../src/core/ports/commit.ts';
import { arrive, claimIn, send, T0, text } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const keysOf = (heads: readonly { inbound: Inbound }[]) => heads.map(({ inbound }) => inbound.eventKey);

const failed = (head: PendingInbound | undefined) => ({ inboxId: head?.inboxId ?? 0, owner: 'pump' });

export const inboxContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('inbox', () => {
    law('what is known already is left alone', async ({ store, other }) => {
      const batch = [text('1'), text('2'), text('1')];
      expect(await store.inbox.accept(batch, T0)).toEqual({ stored: 2, known: 1 });
      expect(await other.inbox.accept([text('2', { text: 'other' }), text('3')], T0)).toEqual({
        stored: 1,
        known: 1,
      });
      const both = await Promise.all([
        store.inbox.accept([text('4')], T0),
        other.inbox.accept([text('4')], T0),
      ]);
      expect(both.map(({ stored }) => stored).toSorted((a, b) => a - b)).toEqual([0, 1]);
    });

    law('what came again is noted, and can be asked for', async ({ store }) => {
      expect(await store.reader.repeats(10)).toEqual([]);
      await store.inbox.accept([text('1'), text('2'), text('1'), text('1')], T0);
      await store.inbox.accept([text('1')], T0 + 5);
      const first = {
        kind: 'first',
        channel: 'dev',
        account: 'dev',
        eventKey: 'd1',
        lane: 'dev:ops',
      } as const;
      await store.runs.commit([{ ...send(), once: first, at: T0 + 6 }]);
      await store.runs.commit([{ ...send(), once: first, at: T0 + 7 }]);
      const { channel, account } = text('1');
      expect(await store.reader.repeats(10)).toEqual([
        { channel: 'dev', account: 'dev', eventKey: 'd1', times: 1, lastAt: T0 + 7 },
        { channel, account, eventKey: '1', times: 3, lastAt: T0 + 5 },
      ]);
    });

    law('each lane shows its oldest open message only', async ({ store }) => {
      const batch = [text('a1', { lane: 'a' }), text('b1', { lane: 'b' }), text('a2', { lane: 'a' })];
      await store.inbox.accept(batch, T0);
      const heads = await claimIn(store);
      expect(keysOf(heads)).toEqual(['a1', 'b1']);
      expect(heads[0]).toMatchObject({ inbound: batch[0], receivedAt: T0, attempts: 0 });
      const inboxId = heads[0]?.inboxId ?? 0;
      await store.runs.commit([{ ...send(), once: { kind: 'mark', inboxId } }]);
      expect(keysOf(await claimIn(store))).toEqual(['b1', 'a2']);
    });

    law('a message that is put off holds up its own lane and no other', async ({ store }) => {
      await store.inbox.accept(
        [text('a1', { lane: 'a' }), text('a2', { lane: 'a' }), text('b1', { lane: 'b' })],
        T0,
      );
      const [head] = await claimIn(store);
      await store.inbox.fail({ ...failed(head), error: 'boom', next: { kind: 'again', at: T0 + 100 } });
      expect(keysOf(await claimIn(store, { at: T0 + 99 }))).toEqual(['b1']);
      const later = await claimIn(store, { at: T0 + 100 });
      expect(keysOf(later)).toEqual(['a1', 'b1']);
      expect(later[0]?.attempts).toBe(1);
    });

    law('a message that is given up no longer blocks its lane', async ({ store }) => {
      await store.inbox.accept([text('a1', { lane: 'a' }), text('a2', { lane: 'a' })], T0);
      const [head] = await claimIn(store);
      await store.inbox.fail({ ...failed(head), error: 'poison', next: { kind: 'dead' } });
      expect(keysOf(await claimIn(store))).toEqual(['a2']);
      expect((await store.reader.figures(T0)).deadInbox).toBe(1);
    });

    law('what nobody can read is kept and never handled', async ({ store }) => {
      const { channel, account, address, lane } = text('x');
      const unreadable: Inbound = {
        kind: 'unreadable',
        channel,
        account,
        address,
        lane,
        eventKey: 'u1',
        reason: 'no such kind',
        raw: '{}',
      };
      await store.inbox.accept([unreadable, text('t1')], T0);
      expect(keysOf(await claimIn(store))).toEqual(['t1']);
      expect((await store.reader.figures(T0)).deadInbox).toBe(1);
    });

    law('two that claim at the same time never share a message', async ({ store, other }) => {
      await store.inbox.accept(
        Array.from({ length: 30 }, (_, n) => text(`m${n}`, { lane: `lane${n}` })),
        T0,
      );
      const claims = Array.from({ length: 10 }, (_, n) =>
        claimIn(n % 2 === 0 ? store : other, { limit: 8, owner: `p${n}` }),
      );
      const claimed = (await Promise.all(claims)).flat();
      expect(new Set(keysOf(claimed)).size).toBe(claimed.length);
    });

    law('a message in hand holds up its lane for everybody else, until its time is over', async (backend) => {
      const { store, other } = backend;
      const batch = [text('a1', { lane: 'a' }), text('a2', { lane: 'a' }), text('b1', { lane: 'b' })];
      await store.inbox.accept(batch, T0);
      const theirs = { owner: 'other' };
      expect(keysOf(await claimIn(store, { limit: 1 }))).toEqual(['a1']);
      expect(keysOf(await claimIn(other, theirs))).toEqual(['b1']);
      expect(keysOf(await claimIn(store))).toEqual(['a1']);
      expect(keysOf(await claimIn(other, { ...theirs, at: T0 + 999 }))).toEqual(['b1']);
      expect(keysOf(await claimIn(other, { ...theirs, at: T0 + 1000 }))).toEqual(['a1', 'b1']);
      expect(keysOf(await claimIn(store, { at: T0 + 1001 }))).toEqual([]);
    });

    law('lanes that are busy are left out, also when their time is over', async ({ store, other }) => {
      await store.inbox.accept([text('a1', { lane: 'a' }), text('b1', { lane: 'b' })], T0);
      expect(keysOf(await claimIn(store, { limit: 1 }))).toEqual(['a1']);
      expect(keysOf(await claimIn(store, { busy: ['a'] }))).toEqual(['b1']);
      expect(keysOf(await claimIn(store, { busy: ['a', 'b'], at: T0 + 1000 }))).toEqual([]);
      expect(keysOf(await claimIn(other, { owner: 'other', at: T0 + 1000 }))).toEqual(['a1', 'b1']);
    });

    law('what comes in is handled where it came in, unless that takes too long', async ({ store, other }) => {
      await store.inbox.accept([text('a1'), text('a2')], T0, { owner: 'pump', until: T0 + 50 });
      expect(await claimIn(other, { owner: 'other', at: T0 + 49 })).toEqual([]);
      const [head] = await claimIn(store, { at: T0 + 49 });
      await store.runs.commit([{ ...send(), once: { kind: 'mark', inboxId: head?.inboxId ?? 0 } }]);
      expect(keysOf(await claimIn(other, { owner: 'other', at: T0 + 50 }))).toEqual(['a2']);
      expect(await claimIn(store, { at: T0 + 51 })).toEqual([]);
    });

    law('who is leaving leaves nothing behind, and takes nothing from others', async ({ store, other }) => {
      await store.inbox.accept([text('a1', { lane: 'a' })], T0, { owner: 'gone', until: T0 + 5000 });
      await store.inbox.accept([text('b1', { lane: 'b' })], T0, { owner: 'there', until: T0 + 5000 });
      await store.inbox.release('gone', T0);
      expect(keysOf(await claimIn(other))).toEqual(['a1']);
    });

    law('a failure that is told too late does not count', async ({ store, other }) => {
      await store.inbox.accept([text('a1')], T0);
      const [head] = await claimIn(store);
      await claimIn(other, { owner: 'other', at: T0 + 1000 });
      await store.inbox.fail({ ...failed(head), error: 'late', next: { kind: 'dead' } });
      expect((await store.reader.figures(T0)).deadInbox).toBe(0);
      expect(await claimIn(other, { owner: 'other', at: T0 + 1001 })).toMatchObject([{ attempts: 0 }]);
    });

    law('many busy lanes take turns', async ({ store }) => {
      await store.inbox.accept(
        Array.from({ length: 9 }, (_, n) => text(`m${n}`, { lane: `lane${n}` })),
        T0,
      );
      const seen = new Set<string>();
      for (let turn = 0; turn < 3; turn += 1) {
        for (const key of keysOf(await claimIn(store, { limit: 4 }))) seen.add(key);
      }
      expect(seen.size).toBe(9);
    });

    law('a repeated request learns which run the first one touched', async ({ store }) => {
      expect(await store.inbox.resultOf('dev', 'dev', 'p1')).toBeUndefined();
      await arrive(store, 'p1');
      expect(await store.inbox.resultOf('dev', 'dev', 'p1')).toEqual({});
    });
  });
};
