import { describe, expect } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { act, card, claimOut, gone, keysOf, later, note, request, send, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const sendOne = async (store: Store, messageId?: string) => {
  const [head] = await claimOut(store);
  const outboxId = head?.outboxId ?? 0;
  await store.outbox.settle(
    [{ outboxId, k: 'sent', ...(messageId === undefined ? {} : { messageId }) }],
    T0,
    'sender',
  );
  return head;
};

export const outboxContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('outbox', () => {
    law('order inside a lane never changes; lanes do not wait for each other', async ({ store }) => {
      await store.runs.commit([
        send(note('a1'), note('a2', { priority: 9 }), note('b1', { address: 'dev:b', priority: 1 })),
      ]);
      const heads = await claimOut(store);
      expect(keysOf(heads)).toEqual(['b1', 'a1']);
      expect(heads[1]).toMatchObject({ attempts: 0, ambiguous: 0, createdAt: T0, address: 'dev:ops' });
      expect(await claimOut(store)).toEqual([]);
      await store.outbox.settle([{ outboxId: heads[1]?.outboxId ?? 0, k: 'sent' }], T0, 'sender');
      expect(keysOf(await claimOut(store))).toEqual(['a2']);
    });

    law('two that claim at the same time never share a message', async ({ store, other }) => {
      const drafts = Array.from({ length: 30 }, (_, n) => note(`n${n}`, { address: `dev:${n}` }));
      await store.runs.commit([send(...drafts)]);
      const claims = Array.from({ length: 10 }, (_, n) =>
        claimOut(n % 2 === 0 ? store : other, { limit: 5 }),
      );
      const all = [...(await Promise.all(claims)).flat(), ...(await claimOut(store, { limit: 30 }))];
      expect(new Set(keysOf(all)).size).toBe(30);
      expect(all).toHaveLength(30);
    });

    law('a key goes out once per address', async ({ store }) => {
      await store.runs.commit([send(note('k')), send(note('k'), note('k', { address: 'dev:b' }))]);
      await store.runs.commit([send(note('k'))]);
      expect(await claimOut(store)).toHaveLength(2);
      await sendOne(store);
      expect(await claimOut(store)).toEqual([]);
    });

    law('what a synchronous door has told already is never sent', async ({ store }) => {
      await store.runs.commit([send(note('told', { delivered: true }), note('next'))]);
      expect(keysOf(await claimOut(store))).toEqual(['next']);
    });

    law('what was sent about a run is told without what an answer held', async ({ store }) => {
      const about = { runId: 'K7M2QX' };
      await store.runs.commit([
        send(
          note('told', { ...about, delivered: true }),
          note('sent', about),
          note('dead', { ...about, address: 'dev:b' }),
          note('open', { ...about, address: 'dev:c' }),
          note('other', { runId: '4TQ9ZB', address: 'dev:d' }),
        ),
      ]);
      const [sent, dead, waits, other] = await claimOut(store, { at: T0 + 1 });
      const of = (one: typeof sent) => ({ outboxId: one?.outboxId ?? 0, until: one?.until ?? 0 });
      await store.outbox.settle(
        [{ ...of(waits), k: 'later', at: T0 + 9, attempt: true, ambiguous: false, error: 'x' }],
        T0 + 2,
        'sender',
      );
      await store.outbox.settle(
        [
          { ...of(sent), k: 'sent' },
          { ...of(other), k: 'sent' },
        ],
        T0 + 3,
        'sender',
      );
      await store.outbox.settle([{ ...of(dead), k: 'dead', error: 'gone' }], T0 + 4, 'sender');
      expect(await store.reader.sentAbout('K7M2QX')).toEqual([
        { key: 'sent', address: 'dev:ops', outcome: 'sent', tries: 1, closedAt: T0 + 3 },
        { key: 'dead', address: 'dev:b', outcome: 'dead', tries: 1, closedAt: T0 + 4 },
      ]);
      expect(await store.reader.sentAbout('NOBODY')).toEqual([]);
    });

    law('only channels that are asked for are handed out', async ({ store }) => {
      await store.runs.commit([send(note('t', { address: 'telegram:1' }), note('d'))]);
      expect(keysOf(await claimOut(store))).toEqual(['d']);
    });

    law('a message that failed comes back when its time has come', async ({ store }) => {
      await store.runs.commit([send(note('a1'), note('a2'))]);
      const [head] = await claimOut(store);
      await store.outbox.settle([later(head, T0 + 100)], T0, 'sender');
      expect(await claimOut(store, { at: T0 + 99 })).toEqual([]);
      const again = await claimOut(store, { at: T0 + 100 });
      expect(again).toMatchObject([{ draft: { key: 'a1' }, attempts: 1, ambiguous: 1 }]);
      await store.outbox.settle([gone(again[0])], T0, 'sender');
      expect(keysOf(await claimOut(store))).toEqual(['a2']);
      expect((await store.reader.figures(T0)).deadOutbox).toBe(1);
    });

    law(
      'a settlement that is repeated does not speak for a later claim of the same owner',
      async ({ store }) => {
        await store.runs.commit([send(note('a1'))]);
        const [first] = await claimOut(store);
        await store.outbox.settle([later(first)], T0, 'sender');
        const [second] = await claimOut(store, { at: T0 + 1 });
        await store.outbox.settle([later(first), gone(first)], T0 + 1, 'sender');
        expect(await claimOut(store, { at: T0 + 2 })).toEqual([]);
        await store.outbox.settle([later(second)], T0 + 2, 'sender');
        expect(await claimOut(store, { at: T0 + 3 })).toMatchObject([{ attempts: 2, ambiguous: 2 }]);
      },
    );

    law('what a dead owner left behind comes back as ambiguous', async ({ store, other }) => {
      await store.runs.commit([send(note('a1'))]);
      await claimOut(store);
      expect(await claimOut(other, { at: T0 + 999, owner: 'other' })).toEqual([]);
      expect(await claimOut(other, { at: T0 + 1_000, owner: 'other' })).toMatchObject([{ ambiguous: 1 }]);
    });

    law('of what a former owner tells only the arrival counts', async ({ store, other }) => {
      await store.runs.commit([send(note('a1'), note('a2'))]);
      const [head] = await claimOut(store);
      const outboxId = head?.outboxId ?? 0;
      const theirs = { owner: 'other', at: T0 + 1_000 };
      await claimOut(other, theirs);
      await store.outbox.settle([later(head), gone(head)], T0, 'sender');
      expect(await claimOut(other, { ...theirs, at: T0 + 1_999 })).toEqual([]);
      await store.outbox.settle([{ outboxId, k: 'sent' }], T0, 'sender');
      expect(keysOf(await claimOut(other, theirs))).toEqual(['a2']);
    });

    law('what somebody who is gone had on its way is free at once, and ambiguous', async (backend) => {
      const { store, other } = backend;
      await store.runs.commit([send(note('a1'), note('b1', { address: 'dev:b' }))]);
      await claimOut(store, { limit: 1, owner: 'gone' });
      await claimOut(store, { limit: 1, owner: 'there' });
      await other.outbox.release('gone', T0);
      const claimed = await claimOut(other, { owner: 'heir' });
      expect(claimed).toMatchObject([{ draft: { key: 'a1' }, ambiguous: 1 }]);
    });

    law('a paused lane rests, also after a restart', async ({ store, other }) => {
      await store.runs.commit([send(note('a1'), note('b1', { address: 'dev:b' }))]);
      await store.outbox.pauseLane('dev:ops', T0 + 100);
      expect(keysOf(await claimOut(other, { at: T0 + 99 }))).toEqual(['b1']);
      expect(keysOf(await claimOut(other, { at: T0 + 100 }))).toEqual(['a1']);
    });

    law('an edit with a newer edit behind it is not sent', async ({ store }) => {
      await store.runs.commit([send(card('c1', 'R1'), card('c2', 'R1'), card('c3', 'R1'), card('x', 'R2'))]);
      expect(keysOf([await sendOne(store, '77')].flatMap((one) => one ?? []))).toEqual(['c1']);
      expect(await claimOut(store)).toMatchObject([{ draft: { key: 'c3' }, cardMessageId: '77' }]);
    });

    law('the message of a card is remembered and leads back to its run', async ({ store }) => {
      await store.runs.commit([send(card('c1', 'R1'))]);
      await sendOne(store, '77');
      expect(await store.runs.runOfCard('dev:ops', '77')).toBe('R1');
      expect(await store.runs.runOfCard('dev:b', '77')).toBeUndefined();
      await store.runs.commit([send(card('c2', 'R1'))]);
      await sendOne(store);
      await store.runs.commit([send(note('n', { runId: 'R1', replyTo: { card: true } }))]);
      expect(await claimOut(store)).toMatchObject([{ cardMessageId: '77' }]);
    });

    law('a suspended address gets nothing until it answers again', async ({ store }) => {
      await store.runs.commit([send(note('before'))]);
      await store.outbox.suspend('dev:ops', 'blocked by the user', T0);
      await store.runs.commit([send(note('during'))]);
      expect(await claimOut(store)).toEqual([]);
      expect((await store.reader.figures(T0)).deadOutbox).toBe(2);
      await store.outbox.unsuspend('dev:ops', T0);
      await store.runs.commit([send(note('after'))]);
      expect(keysOf(await claimOut(store))).toEqual(['after']);
    });

    law('when a chat moves, messages and runs follow, and its cards are sent anew', async ({ store }) => {
      await act(store, 'R1', request('R1'));
      await store.runs.commit([send(card('c1', 'R1'))]);
      await sendOne(store, '77');
      await store.runs.commit([send(note('n1'))]);
      await store.outbox.readdress('dev:ops', 'dev:mid', T0);
      await store.outbox.readdress('dev:mid', 'dev:new', T0);
      expect(await claimOut(store)).toMatchObject([{ draft: { key: 'n1' }, address: 'dev:new' }]);
      // The new chat counts its messages from one, so an id of the old one would name a stranger's message.
      expect(await store.runs.runOfCard('dev:new', '77')).toBeUndefined();
      expect((await store.runs.waitingIn('dev:new', 10)).map(({ state }) => state.runId)).toEqual(['R1']);
      await store.runs.commit([send(note('n2'))]);
      const sent = (await claimOut(store, { at: T0 + 5_000 }))[0];
      await store.outbox.settle([{ outboxId: sent?.outboxId ?? 0, k: 'sent' }], T0, 'sender');
      expect(await claimOut(store)).toMatchObject([{ draft: { key: 'n2' }, address: 'dev:new' }]);
    });
  });
};
