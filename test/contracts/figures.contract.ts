import { describe, expect } from 'vitest';
import { act, cancel, claimOut, claimRuns, enqueue, entry, note, request, send, T0, text } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

export const figuresContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('figures', () => {
    law('an empty house has nothing to report', async ({ store }) => {
      expect(await store.reader.figures(T0)).toEqual({
        ready: 0,
        later: 0,
        running: 0,
        stale: [],
        waiting: 0,
        failedHour: 0,
        endedHour: 0,
        failedDay: 0,
        deadInbox: 0,
        deadOutbox: 0,
        deadJobs: 0,
        openInbox: 0,
        openOutbox: 0,
        ambiguous: 0,
        paused: [],
        silent: [],
        workers: [],
      });
    });

    law('what waits, runs, is late or owed is counted', async ({ store }) => {
      await act(store, 'W', request('W', { at: T0 - 50 }));
      await act(store, 'C', request('C', { at: T0 - 40 }));
      await act(store, 'C', cancel(T0 - 30));
      await store.runs.commit([
        enqueue(
          entry('A'),
          entry('B', { notBefore: T0 + 9_000 }),
          entry('D', { priority: 1, jobKey: 'deploy' }),
        ),
        send(note('n1'), note('n2')),
      ]);
      await claimRuns(store, 1);
      await claimOut(store);
      await store.inbox.accept([text('m1')], T0);
      await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: T0 });
      await store.heartbeats.beat({ name: 'sender', kind: 'loop', slots: 0, at: T0 });
      const at = T0 + 2_000;
      await claimOut(store, { at });
      expect(await store.reader.figures(at)).toMatchObject({
        ready: 1,
        oldestReadyMs: 2_000,
        later: 1,
        running: 1,
        stale: [{ runId: 'D', jobKey: 'deploy', workerId: 'w1', sinceMs: 2_000 }],
        waiting: 1,
        oldestWaitingMs: 2_050,
        endedHour: 1,
        openInbox: 1,
        openOutbox: 2,
        oldestOutboxMs: 2_000,
        ambiguous: 1,
        workers: [{ workerId: 'w1', beatMsAgo: 2_000, slots: 4 }],
      });
      expect(await store.reader.loads(at)).toMatchObject({
        ready: 1,
        live: [{ status: 'AwaitingApproval', count: 1 }],
        busy: [{ workerId: 'w1', count: 1 }],
        unsent: [{ channel: 'dev', count: 2, oldestMs: 2_000 }],
      });
      expect(await store.schema()).toMatchObject({ fits: true });
      await store.heartbeats.leave('w1');
      expect((await store.reader.figures(at)).workers).toEqual([]);
    });
  });
};
