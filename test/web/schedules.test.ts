import { expect, test } from 'vitest';
import { fireSchedules } from '../../src/core/flows/schedules/fire-schedule.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { noon, world } from './world.ts';

const hourly = (over: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  key: 'hourly',
  jobKey: 'tick',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  params: { db: 'main' },
  overlap: 'skip',
  ...over,
});

const file = (store: Store, ...specs: readonly ScheduleSpec[]) =>
  store.schedules.replaceFileSchedules(specs, calendar, noon);

const iso = (hours: number): string => new Date(noon + hours * 3_600_000).toISOString();

test('GET /schedules lists what comes, with the next three times', async () => {
  const { call, store } = await world();
  await file(store, hourly());
  const { json, status } = await call('/schedules');
  expect(status).toBe(200);
  expect(json).toEqual({
    schedules: [
      {
        key: 'hourly',
        job: 'tick',
        cron: '0 * * * *',
        timezone: 'Europe/Berlin',
        words: 'every hour (Europe/Berlin)',
        chat: 'dev:ops',
        params: { db: 'main' },
        overlap: 'skip',
        decideBy: null,
        escalate: null,
        source: 'file',
        next: iso(1),
        snoozedFrom: null,
        upcoming: [iso(1), iso(2), iso(3)],
        waitingFor: null,
        paused: null,
        last: null,
      },
    ],
  });
});

test('and what came, as the interface is described', async () => {
  const { call, store, clock, rooms, addJob } = await world();
  await addJob('tick');
  await file(store, hourly({ params: {} }));
  clock.at += 3_600_000;
  await fireSchedules(rooms)();
  const [fired] = await store.schedules.list(1);
  expect(fired?.standing).toEqual({ nextAt: noon + 2 * 3_600_000 });
  const { schedules } = (await call('/schedules')).json;
  expect(schedules[0]).toMatchObject({
    next: iso(2),
    last: {
      dueAt: iso(1),
      outcome: 'asked',
      at: iso(1),
      runStatus: 'AwaitingApproval',
      times: null,
      because: null,
    },
  });
  const standing = { waitingFor: noon, paused: { by: 'Ana', at: noon } };
  const change = { key: 'hourly', expectedVersion: fired?.version ?? 0, standing };
  await store.runs.commit([{ queue: [], outbox: [], schedules: [change], at: clock.at }]);
  const [paused] = (await call('/schedules')).json.schedules;
  expect(paused).toMatchObject({
    next: null,
    upcoming: [],
    waitingFor: iso(0),
    paused: { by: 'Ana', at: iso(0) },
  });
  const { Schedule } = (await call('/openapi.json')).json.components.schemas;
  expect(Object.keys(paused).toSorted()).toEqual(Schedule.required.toSorted());
});

test('nobody learns of schedules of jobs that they may not see', async () => {
  const { call, store, addJob, observed } = await world({ profile: 'production' });
  await addJob('tick', { requesters: ['role:operator'] });
  await addJob('secret', { requesters: [], approval: { ...NOBODY } });
  await file(
    store,
    hourly(),
    hourly({ key: 'hidden', jobKey: 'secret' }),
    hourly({ key: 'orphan', jobKey: 'gone' }),
  );
  const keys = async (as: 'ana' | 'boss') =>
    (await call('/schedules', { as })).json.schedules.map(({ key }: { key: string }) => key);
  expect(await keys('ana')).toEqual(['hourly']);
  // What nobody can ask for any more is an owner's to put right.
  expect(await keys('boss')).toEqual(['hidden', 'hourly', 'orphan']);
  for (const key of ['hidden', 'nothing']) {
    expect((await call(`/schedules/${key}`, { as: 'ana' })).json.code).toBe('unknown_schedule');
  }
  expect(observed).toEqual([
    { kind: 'auth_refused', channel: 'http', reason: 'may_not_see', actor: 'user:http:ana' },
  ]);
  expect((await call('/schedules')).status).toBe(401);
});

test('a schedule for a job that is hidden is refused as one for none, and counted', async () => {
  const { call, addJob, observed } = await world({ profile: 'production' });
  await addJob('secret', { requesters: [], approval: { ...NOBODY } });
  for (const job of ['secret', 'nothing']) {
    const { key: _, jobKey: __, params: ___, ...fields } = hourly();
    const asked = await call('/schedules', { json: { ...fields, key: 'mine', job }, as: 'ana' });
    expect(asked).toMatchObject({ status: 404, json: { code: 'unknown_job' } });
  }
  expect(observed).toEqual([
    { kind: 'auth_refused', channel: 'http', reason: 'may_not_see', actor: 'user:http:ana' },
  ]);
});

const NOBODY = {
  policy: 'required',
  quorum: 1,
  approvers: [],
  needs: [],
  decideByMs: 60_000,
  startByMs: 60_000,
} as const;
