import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { firstOf } from '../../src/core/schedules/first-of.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { openStore } from '../../src/db/open.ts';
import { startPulse } from '../../src/loops/pulse.ts';
import { furnish } from '../../src/program/house.ts';
import { startSchedules } from '../../src/scheduler/start.ts';
import { schedulerService } from '../../src/scheduler/tick.ts';
import { backup, minutes, noon } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { until } from '../worker/workbench.ts';

const hourly: ScheduleSpec = {
  key: 'hourly',
  jobKey: 'backup',
  cron: '0 * * * *',
  timezone: 'UTC',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
};

const house = async () => {
  let now = noon;
  const store = await openStore({ url: ':memory:', clock: () => now });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  const observe = logged((observation: Observation) => void seen.push(observation));
  const rooms = furnish({
    store,
    profile: 'dev',
    version: '0',
    leaseMs: 30_000,
    buttonToken: () => '0123456789abcdef',
    fingerprint: async () => ({}),
    observe,
    cards: () => false,
    channels: () => [],
    startedAt: noon,
  });
  await store.catalog.replaceFileJobs([backup], 'file', noon);
  await store.schedules.replaceFileSchedules([hourly], rooms.ambient.calendar, noon);
  const runs = async () => (await store.runs.list({ limit: 10 })).runs.length;
  return { store, rooms, observe, seen, runs, at: (moment: number) => (now = moment) };
};

test('the service tells what comes next, and does what is due when it is asked', async () => {
  const { rooms, runs, at } = await house();
  const service = schedulerService(rooms);
  expect(firstOf(service.upcoming(hourly, noon), 2)).toEqual([noon + minutes(60), noon + minutes(120)]);
  expect(service.words(hourly)).toBe('every hour (UTC)');
  expect(await service.tick()).toBe('idle');
  at(noon + minutes(60));
  expect([await service.tick(), await service.tick()]).toEqual(['busy', 'idle']);
  expect(await runs()).toBe(1);
});

test('the loop does it by itself, and says that it is alive', async () => {
  const { rooms, observe, seen, runs, store, at } = await house();
  const now = () => store.now();
  const pulse = startPulse({ heartbeats: store.heartbeats, now, instance: 'here', observe, everyMs: 5 });
  const running = startSchedules({ rooms, observe, pulse: pulse.pulse });
  at(noon + minutes(60));
  await until('it was asked', async () => (await runs()) === 1);
  await until('it was heard', async () =>
    (await store.heartbeats.list()).some(({ name }) => name === 'fire-schedules@here'),
  );
  await running.stop();
  await pulse.stop();
  expect(await store.heartbeats.list()).toEqual([]);
  expect(seen.filter(({ kind }) => kind === 'loop_faulted')).toEqual([]);
});
