import { describe, expect } from 'vitest';
import type { QueueEntry } from '../../src/core/ports/commit.ts';
import type { Owed, Store } from '../../src/core/ports/store.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { act, change, claimRuns, enqueue, entry, note, request, send, spec, text } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const owed = async (store: Store): Promise<readonly Owed[]> => [...(await store.owed())];

/** What a run that was asked for at that time is waited for. */
const ask = async (store: Store, at: number, remindMs?: number) =>
  act(
    store,
    'A',
    request('A', {
      at,
      spec: spec({
        approval: { ...spec().approval, decideByMs: HOUR, ...(remindMs === undefined ? {} : { remindMs }) },
      }),
    }),
  );

const put = (store: Store, one: QueueEntry, at: number) => store.runs.commit([{ ...enqueue(one), at }]);

const hourly = (store: Store, at: number) => {
  const schedule = { key: 'hourly', jobKey: 'backup', cron: '0 * * * *', timezone: 'UTC', chat: 'dev:ops' };
  return store.schedules.replaceFileSchedules([{ ...schedule, params: {}, overlap: 'skip' }], calendar, at);
};

export const owedContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('one look at everything that is owed', () => {
    law('nothing is owed where nothing happened, or where its time has not come', async ({ store }) => {
      const now = await store.now();
      await put(store, entry('Z', { notBefore: now + HOUR }), now);
      await ask(store, now, MINUTE);
      await hourly(store, now);
      expect(await owed(store)).toEqual([]);
    });

    law('a message that came in, and one that is put off as well', async ({ store }) => {
      await store.inbox.accept([text('m1')], (await store.now()) + HOUR);
      expect(await owed(store)).toEqual(['inbox']);
    });

    law('a message that has to go out, until it has gone', async ({ store, other }) => {
      const now = await store.now();
      await store.runs.commit([{ ...send(note('n1')), at: now }]);
      expect(await owed(store)).toEqual(['outbox']);
      const claim = { owner: 'sender', limit: 1, at: now, until: now + MINUTE, channels: ['dev'] };
      const [taken] = await store.outbox.claim(claim);
      await store.outbox.settle([{ outboxId: taken?.outboxId ?? 0, k: 'sent' }], now, 'sender');
      if (other !== store) expect(await owed(other)).toEqual([]);
    });

    law('an entry of a job without a limit', async ({ store }) => {
      const now = await store.now();
      await put(store, entry('A', { notBefore: now }), now);
      expect(await owed(store)).toEqual(['queue']);
    });

    law('an entry of a job with a limit', async ({ store }) => {
      const now = await store.now();
      await put(store, entry('A', { notBefore: now, concurrency: 1 }), now);
      expect(await owed(store)).toEqual(['queue']);
    });

    law('an entry whose time has come by itself', async ({ store }) => {
      const now = await store.now();
      await put(store, entry('A', { notBefore: now - 1 }), now - MINUTE);
      expect(await owed(store)).toEqual(['queue']);
    });

    law('whatever somebody holds a lease of', async ({ store }) => {
      const now = await store.now();
      await put(store, entry('A', { notBefore: now }), now);
      await claimRuns(store, 1, now);
      expect(await owed(store)).toEqual(['leases']);
    });

    law('a decision that is overdue, and nobody is reminded of', async ({ store }) => {
      await ask(store, (await store.now()) - HOUR - MINUTE);
      expect(await owed(store)).toEqual(['deadlines']);
    });

    law('a reminder', async ({ store }) => {
      await ask(store, (await store.now()) - HOUR + MINUTE / 2, MINUTE);
      expect(await owed(store)).toEqual(['notices']);
    });

    law('a schedule whose moment has come', async ({ store }) => {
      await hourly(store, (await store.now()) - 2 * HOUR);
      expect(await owed(store)).toEqual(['schedules']);
    });

    law('an occurrence that waits for a run to end', async ({ store }) => {
      const now = await store.now();
      await hourly(store, now);
      const [schedule] = await store.schedules.list(1);
      const version = schedule?.version ?? 0;
      const standing = { nextAt: now + HOUR, waitingFor: now };
      const moved = { key: 'hourly', expectedVersion: version, standing };
      await store.runs.commit([{ ...change(undefined, request('A', { at: now }), 'A'), schedules: [moved] }]);
      expect(await owed(store)).toEqual(['schedules']);
    });
  });
};
