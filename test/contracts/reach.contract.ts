import { describe, expect } from 'vitest';
import type { ReceiptState } from '../../src/core/ports/channel.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Upkeep } from '../../src/core/ports/upkeep.ts';
import { nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const ANA = 'sms:+491701234567';
const BOB = 'sms:+491701234568';

const keep = (store: Store, at: number, ...upkeep: readonly Upkeep[]) =>
  store.runs.commit([{ ...nothing, upkeep, at }]);

const receipt = (state: ReceiptState, error?: string): Upkeep => ({
  kind: 'receipt',
  channel: 'sms',
  messageId: 'SM1',
  address: ANA,
  state,
  ...(error === undefined ? {} : { error }),
});

const draft = (key: string, address: string) => ({
  key,
  address,
  priority: 1,
  content: { kind: 'note', note: { lines: [[key]], actions: [] } } as const,
});

export const reachContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('who may be written to', () => {
    law(
      'the newest word about messages is what counts, and others never said anything',
      async ({ store, other }) => {
        expect(await store.reach.consents([ANA])).toEqual([]);
        await keep(store, T0, { kind: 'consent', identity: ANA, state: 'in', words: 'RUN backup' });
        await keep(other, T0 + 5, { kind: 'consent', identity: ANA, state: 'out', words: 'STOP' });
        expect(await store.reach.consents([BOB, ANA])).toEqual([
          { identity: ANA, state: 'out', words: 'STOP', at: T0 + 5 },
        ]);
      },
    );

    law(
      'a no ends what waits to go there and what comes later, and nothing else; a yes opens it',
      async ({ store, other }) => {
        const claim = (at: number) =>
          other.outbox.claim({ owner: 'w', limit: 10, at, until: at + 10, channels: ['sms'] });
        await store.runs.commit([{ ...nothing, outbox: [draft('one', ANA), draft('two', BOB)], at: T0 }]);
        await keep(store, T0, { kind: 'consent', identity: ANA, state: 'out', words: 'STOP' });
        await store.runs.commit([{ ...nothing, outbox: [draft('three', ANA)], at: T0 }]);
        expect((await claim(T0)).map(({ draft: { key } }) => key)).toEqual(['two']);
        await keep(store, T0 + 1, { kind: 'consent', identity: ANA, state: 'in', words: 'START' });
        await store.runs.commit([{ ...nothing, outbox: [draft('four', ANA)], at: T0 + 1 }]);
        expect((await claim(T0 + 1)).map(({ draft: { key } }) => key)).toEqual(['four']);
      },
    );

    law('people switch notices off and on again, each for themselves', async ({ store, other }) => {
      const mute = (personId: string, notice: 'asks' | 'results', muted: boolean): Upkeep => ({
        kind: 'mute',
        personId,
        notice,
        muted,
      });
      await keep(
        store,
        T0,
        mute('ana', 'results', true),
        mute('ana', 'asks', true),
        mute('bob', 'asks', true),
      );
      await keep(
        other,
        T0 + 1,
        mute('ana', 'results', true),
        mute('bob', 'asks', false),
        mute('cho', 'asks', false),
      );
      expect([...(await store.reach.mutes(['ana', 'bob', 'cho']))]).toEqual([['ana', ['asks', 'results']]]);
    });
  });

  describe('receipts', () => {
    law(
      'only move a message forward, and of the last states the first one stays',
      async ({ store, other }) => {
        expect(await store.reach.receipt('sms', 'SM1')).toBeUndefined();
        await keep(store, T0, receipt('sent'));
        await keep(other, T0 + 1, receipt('queued'));
        expect(await store.reach.receipt('sms', 'SM1')).toEqual({ state: 'sent', at: T0 });
        await keep(store, T0 + 2, receipt('undelivered', '30003'));
        await keep(other, T0 + 3, receipt('delivered'), receipt('sent'), receipt('failed', '1'));
        expect(await other.reach.receipt('sms', 'SM1')).toEqual({
          state: 'undelivered',
          error: '30003',
          at: T0 + 2,
        });
        expect(await other.reach.receipt('sms', 'SM2')).toBeUndefined();
      },
    );
  });
};
