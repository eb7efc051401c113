import { describe, expect } from 'vitest';
import type { Commit } from '../../src/core/ports/commit.ts';
import type { ScheduleChange } from '../../src/core/ports/schedules.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { Schedule, ScheduleSpec, Standing } from '../../src/core/schedules/schedule.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { act, cancel, change, claimOut, keysOf, note, nothing, request, run, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const HOUR = 3_600_000;
/** T0 is 08:00 of a Friday. */
const NEXT = T0 + HOUR;

const nightly = (over: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  key: 'nightly',
  jobKey: 'backup',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  params: { db: 'main', all: true, hosts: 2 },
  overlap: 'skip',
  ...over,
});

const file = (store: Store, specs: readonly ScheduleSpec[], at = T0) =>
  store.schedules.replaceFileSchedules(specs, calendar, at);

const listed = async (store: Store, key = 'nightly'): Promise<Schedule> => {
  const found = (await store.schedules.list(100)).find(({ spec }) => spec.key === key);
  if (found === undefined) throw new Error(`there is no schedule ${key}`);
  return found;
};

const nextOf = async (store: Store, key?: string) => (await listed(store, key)).standing.nextAt;

const dueKeys = async (store: Store, at: number, limit = 10) =>
  (await store.schedules.due(at, limit)).map(({ spec }) => spec.key);

const move = (expectedVersion: number, standing: Standing, over: Partial<ScheduleChange> = {}): Commit => ({
  ...nothing,
  schedules: [{ key: 'nightly', expectedVersion, standing, ...over }],
  at: NEXT,
});

/** What a tick makes of an occurrence: the run, the outcome and the advance. */
const fires = (runId: string, version: number, dueAt = NEXT): Commit => ({
  ...change(undefined, scheduled(runId), runId),
  ...move(version, { nextAt: dueAt + HOUR }, { settles: { dueAt, outcome: 'asked', runId } }),
  outbox: [note(`card of ${runId}`)],
});

const scheduled = (runId: string) => ({
  ...request(runId),
  by: { kind: 'schedule', key: 'nightly' } as const,
});

export const schedulesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);

  describe('the schedules of the file', () => {
    law('are in force as they were written, from their next occurrence on', async ({ store, other }) => {
      const full = nightly({ decideByMs: HOUR, escalate: { afterMs: 60_000, to: 'role:owner' } });
      expect(await file(store, [full, nightly({ key: 'b' })])).toEqual([
        { key: 'nightly', change: 'new' },
        { key: 'b', change: 'new' },
      ]);
      expect(await other.schedules.list(10)).toMatchObject([
        { spec: nightly({ key: 'b' }) },
        { spec: full, source: 'file', standing: { nextAt: NEXT }, version: 1 },
      ]);
      expect((await other.schedules.list(1)).map(({ spec }) => spec.key)).toEqual(['b']);
    });

    law('keep what they were about to do as long as their timing stays', async ({ store }) => {
      await file(store, [nightly()]);
      expect(await file(store, [nightly()], T0 + 5 * HOUR)).toEqual([]);
      expect(await listed(store)).toMatchObject({ version: 1, standing: { nextAt: NEXT } });
      const elsewhere = nightly({ chat: 'dev:elsewhere', params: {} });
      expect(await file(store, [elsewhere], T0 + 5 * HOUR)).toEqual([{ key: 'nightly', change: 'changed' }]);
      expect(await listed(store)).toMatchObject({ spec: elsewhere, version: 2, standing: { nextAt: NEXT } });
    });

    law('begin anew when their timing changes', async ({ store }) => {
      await file(store, [nightly()]);
      await file(store, [nightly({ cron: '30 * * * *' })]);
      expect(await nextOf(store)).toBe(T0 + HOUR / 2);
      await file(store, [nightly({ cron: '0 12 * * *', timezone: 'Asia/Tokyo' })]);
      expect(await nextOf(store)).toBe(Date.parse('2027-01-16T03:00Z'));
      await file(store, [nightly({ cron: '0 0 30 2 *' })]);
      expect((await listed(store)).standing).toEqual({});
    });

    law('are retired when they leave it, and begin anew when they come back', async ({ store }) => {
      await file(store, [nightly(), nightly({ key: 'b' })]);
      expect(await file(store, [nightly({ key: 'b' })])).toEqual([{ key: 'nightly', change: 'retired' }]);
      expect(await file(store, [nightly({ key: 'b' })])).toEqual([]);
      expect(await dueKeys(store, T0 + 9 * HOUR)).toEqual(['b']);
      expect((await store.schedules.list(10)).map(({ spec }) => spec.key)).toEqual(['b']);
      await file(store, [nightly()], T0 + 9 * HOUR);
      expect(await listed(store)).toMatchObject({ version: 3, standing: { nextAt: T0 + 10 * HOUR } });
    });

    law('stay paused whatever the file says', async ({ store }) => {
      await file(store, [nightly()]);
      const paused = { paused: { by: 'Ana', at: T0 } };
      expect(await store.runs.commit([move(1, paused)])).toEqual(['committed']);
      expect(await dueKeys(store, T0 + 9 * HOUR)).toEqual([]);
      await file(store, [nightly({ cron: '30 * * * *' })]);
      expect((await listed(store)).standing).toEqual(paused);
    });

    law('are the same for two processes that start at the same time', async ({ store, other }) => {
      const specs = ['a', 'b', 'c'].map((key) => nightly({ key }));
      await Promise.all([file(store, specs), file(other, specs)]);
      expect((await store.schedules.list(10)).map(({ version }) => version)).toEqual([1, 1, 1]);
    });
  });

  describe('a schedule of the database', () => {
    const made = (version: number, over: Partial<ScheduleChange> = {}): Commit =>
      move(version, { nextAt: NEXT }, { defines: { spec: nightly(), source: 'chat' }, ...over });

    law('is there with its commit, once', async ({ store, other }) => {
      expect(await store.schedules.find('nightly')).toBeUndefined();
      const outcomes = (await Promise.all([store, other].map(({ runs }) => runs.commit([made(0)])))).flat();
      expect(outcomes.toSorted()).toEqual(['committed', 'stale_schedule']);
      expect(await other.schedules.find('nightly')).toMatchObject({
        spec: nightly(),
        source: 'chat',
        version: 1,
        standing: { nextAt: NEXT },
        isRetired: false,
      });
      expect(await dueKeys(other, NEXT)).toEqual(['nightly']);
    });

    law('is changed and dropped by whoever knows its newest version', async ({ store }) => {
      await store.runs.commit([made(0)]);
      const spec = nightly({ cron: '30 * * * *', chat: 'dev:elsewhere' });
      const edit = made(1, { defines: { spec, source: 'api' }, standing: { nextAt: NEXT + HOUR / 2 } });
      expect(await store.runs.commit([edit, edit])).toEqual(['committed', 'stale_schedule']);
      expect(await listed(store)).toMatchObject({ spec, source: 'api', version: 2 });
      expect(await store.runs.commit([move(2, {}, { retires: true })])).toEqual(['committed']);
      expect(await store.schedules.list(10)).toEqual([]);
      expect(await store.schedules.find('nightly')).toMatchObject({ isRetired: true, version: 3 });
      expect(await dueKeys(store, NEXT + 9 * HOUR)).toEqual([]);
      expect(await store.runs.commit([made(3)])).toEqual(['committed']);
      expect(await listed(store)).toMatchObject({ version: 4, standing: { nextAt: NEXT } });
    });

    law('stays when the file is read again, and is the file’s once it stands there', async ({ store }) => {
      await store.runs.commit([made(0)]);
      expect(await file(store, [nightly({ key: 'b' })])).toEqual([{ key: 'b', change: 'new' }]);
      expect((await listed(store)).source).toBe('chat');
      expect(await file(store, [nightly()])).toEqual([
        { key: 'nightly', change: 'changed', took: { spec: nightly(), source: 'chat' } },
        { key: 'b', change: 'retired' },
      ]);
      expect(await listed(store)).toMatchObject({ source: 'file', version: 2 });
      // It is the file's now, and what was dropped was nobody's.
      expect(await file(store, [nightly({ cron: '30 * * * *' })])).toEqual([
        { key: 'nightly', change: 'changed' },
      ]);
    });

    law('remembers what somebody put off, until its timing changes', async ({ store }) => {
      await file(store, [nightly()]);
      const standing = { nextAt: NEXT + HOUR / 2, snoozed: NEXT };
      await store.runs.commit([move(1, standing)]);
      await file(store, [nightly({ chat: 'dev:elsewhere' })]);
      expect((await listed(store)).standing).toEqual(standing);
      expect(await dueKeys(store, NEXT)).toEqual([]);
      expect(await dueKeys(store, NEXT + HOUR / 2)).toEqual(['nightly']);
      await file(store, [nightly({ cron: '15 * * * *' })]);
      expect((await listed(store)).standing).toEqual({ nextAt: T0 + HOUR / 4 });
    });

    law('knows what was settled ahead, and a new timing passes over it only', async ({ store, other }) => {
      await file(store, [nightly()]);
      const skipped = { dueAt: NEXT, outcome: 'skipped', because: 'person' } as const;
      await store.runs.commit([{ ...move(1, { nextAt: NEXT + HOUR }, { settles: skipped }), at: T0 }]);
      expect(await other.schedules.occurrences('nightly', 10)).toMatchObject([{ dueAt: NEXT }]);
      expect(await other.schedules.occurrences('b', 10)).toEqual([]);
      expect(await other.schedules.settledAfter('nightly', T0)).toEqual([NEXT]);
      expect(await other.schedules.settledAfter('nightly', NEXT)).toEqual([]);
      expect(await other.schedules.settledAfter('b', T0)).toEqual([]);
      await file(store, [nightly({ cron: '*/30 * * * *' })]);
      expect(await nextOf(store)).toBe(T0 + HOUR / 2);
      await file(store, [nightly({ cron: '0 */1 * * *' })]);
      expect(await nextOf(store)).toBe(NEXT + HOUR);
    });
  });

  describe('what is due', () => {
    law('is nothing before its moment, and the longest due comes first', async ({ store, other }) => {
      await file(store, [nightly(), nightly({ key: 'early', cron: '30 * * * *' })]);
      expect(await dueKeys(store, T0 + HOUR / 2 - 1)).toEqual([]);
      expect(await dueKeys(other, T0 + HOUR / 2)).toEqual(['early']);
      expect(await dueKeys(other, NEXT)).toEqual(['early', 'nightly']);
      expect(await dueKeys(other, NEXT, 1)).toEqual(['early']);
    });

    law('knows the run that has not ended, and no other', async ({ store }) => {
      await file(store, [nightly()]);
      await act(store, 'R0', request('R0'));
      expect((await store.schedules.due(NEXT, 10))[0]).not.toHaveProperty('openRun');
      await act(store, 'R1', scheduled('R1'));
      expect(await store.schedules.due(NEXT, 10)).toMatchObject([{ openRun: 'R1' }]);
      await act(store, 'R1', cancel());
      expect((await store.schedules.due(NEXT, 10))[0]).not.toHaveProperty('openRun');
    });

    law('includes what waited, as soon as nothing is in its way', async ({ store }) => {
      await file(store, [nightly({ overlap: 'queue' })]);
      await act(store, 'R1', scheduled('R1'));
      const standing = { nextAt: NEXT + HOUR, waitingFor: NEXT };
      await store.runs.commit([move(1, standing)]);
      expect(await dueKeys(store, NEXT)).toEqual([]);
      await act(store, 'R1', cancel());
      expect(await store.schedules.due(NEXT, 10)).toMatchObject([{ spec: { key: 'nightly' }, standing }]);
    });
  });

  describe('settling an occurrence', () => {
    law('is one commit: the run, the outcome and what comes next', async ({ store, other }) => {
      await file(store, [nightly()]);
      expect(await store.runs.commit([fires('R1', 1)])).toEqual(['committed']);
      expect(await listed(other)).toMatchObject({
        version: 2,
        standing: { nextAt: NEXT + HOUR },
        last: { dueAt: NEXT, outcome: 'asked', at: NEXT, runId: 'R1' },
      });
      expect((await run(other, 'R1'))?.state.requester).toEqual({ kind: 'schedule', key: 'nightly' });
      expect(await dueKeys(other, NEXT)).toEqual([]);
    });

    law('leaves nothing behind when the schedule was moved meanwhile', async ({ store, other }) => {
      await file(store, [nightly()]);
      await file(other, [nightly({ chat: 'dev:elsewhere' })]);
      expect(await store.runs.commit([fires('R1', 1)])).toEqual(['stale_schedule']);
      expect(await run(store, 'R1')).toBeUndefined();
      expect(keysOf(await claimOut(store))).toEqual([]);
      expect(await listed(store)).toMatchObject({ version: 2, standing: { nextAt: NEXT } });
      expect(await listed(store)).not.toHaveProperty('last');
      await file(other, []);
      expect(await store.runs.commit([fires('R1', 2)])).toEqual(['stale_schedule']);
    });

    law('happens once, however many processes come at the same time', async ({ store, other }) => {
      await file(store, [nightly()]);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const door = n % 2 === 0 ? store : other;
          return (await door.runs.commit([fires(`R${n}`, 1)]))[0];
        }),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'stale_schedule')).toHaveLength(19);
      expect((await store.runs.list({ limit: 100 })).runs).toHaveLength(1);
    });

    law('may follow another one in the same batch', async ({ store }) => {
      await file(store, [nightly()]);
      const outcomes = await store.runs.commit([fires('R1', 1), fires('R2', 1), fires('R3', 2, NEXT + HOUR)]);
      expect(outcomes).toEqual(['committed', 'stale_schedule', 'committed']);
      expect(await listed(store)).toMatchObject({ version: 3, standing: { nextAt: NEXT + 2 * HOUR } });
    });

    law('cannot be done twice, whatever a program thinks', async ({ store }) => {
      await file(store, [nightly()]);
      await store.runs.commit([fires('R1', 1)]);
      await expect(store.runs.commit([fires('R2', 2)])).rejects.toMatchObject({ fault: 'unique' });
      expect(await run(store, 'R2')).toBeUndefined();
      expect(await listed(store)).toMatchObject({ version: 2, last: { runId: 'R1' } });
    });

    law('is not undone by a clock that is put back', async ({ store }) => {
      await file(store, [nightly()]);
      await store.runs.commit([fires('R1', 1)]);
      await file(store, [nightly({ cron: '0 */1 * * *' })], T0);
      expect(await nextOf(store)).toBe(NEXT + HOUR);
    });

    law('without a run is settled all the same', async ({ store }) => {
      await file(store, [nightly()]);
      const missed = { dueAt: NEXT, outcome: 'missed', times: 3 } as const;
      const skipped = { dueAt: NEXT + HOUR, outcome: 'skipped', because: 'overlap', runId: 'R1' } as const;
      await store.runs.commit([move(1, { nextAt: NEXT + HOUR }, { settles: missed })]);
      expect((await listed(store)).last).toEqual({ ...missed, at: NEXT });
      const later = { ...move(2, {}, { settles: skipped }), at: NEXT + HOUR };
      await store.runs.commit([later]);
      expect((await listed(store)).last).toEqual({ ...skipped, at: NEXT + HOUR });
      expect((await listed(store)).standing).toEqual({});
    });
  });

  describe('the figures of the timetable', () => {
    law('say how late the oldest one is and what comes next, or nothing at all', async ({ store }) => {
      const figures = async (at: number) => (await store.reader.figures(at)).schedule;
      expect(await figures(T0)).toBeUndefined();
      await file(store, [nightly(), nightly({ key: 'b', cron: '0 12 * * *', timezone: 'Asia/Tokyo' })]);
      const berlin = { at: NEXT, timezone: 'Europe/Berlin' };
      expect(await figures(T0)).toEqual({ lateMs: 0, next: berlin });
      const tokyo = { at: Date.parse('2027-01-16T03:00Z'), timezone: 'Asia/Tokyo' };
      expect(await figures(NEXT + 9)).toEqual({ lateMs: 9, next: tokyo });
      expect(await figures(tokyo.at + HOUR)).toEqual({ lateMs: tokyo.at + HOUR - NEXT });
    });
  });
};
