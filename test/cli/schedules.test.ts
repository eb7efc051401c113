import { expect, test } from 'vitest';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { calendar } from '../../src/scheduler/calendar.ts';
import { noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

const nightly: ScheduleSpec = {
  key: 'nightly',
  jobKey: 'backup',
  cron: '0 2 * * *',
  timezone: 'Europe/Berlin',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
};

const planned = async () => {
  const bench = await cliBench();
  await bench.inStore(async (store) => {
    const key = (name: string) => ({ ...nightly, key: name });
    await store.schedules.replaceFileSchedules([nightly, key('paused'), key('ended')], calendar, noon);
    const move = { expectedVersion: 1, standing: {} };
    const missed = { dueAt: noon, outcome: 'missed', times: 2 } as const;
    await store.runs.commit([
      {
        queue: [],
        outbox: [],
        schedules: [
          { ...move, key: 'paused', standing: { paused: { by: 'Ana', at: noon } } },
          { ...move, key: 'ended', settles: missed },
        ],
        at: noon,
      },
    ]);
  });
  return bench;
};

test('the list says when each asks, what comes and what came', async () => {
  const { textops, document } = await planned();
  const rows = (await textops('schedules')).out
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
  const when = 'every day at 02:00 (Europe/Berlin)';
  expect(rows).toEqual([
    ['SCHEDULE', 'JOB', 'WHEN', 'NEXT', 'LAST', 'CHAT'],
    [
      'ended',
      'backup',
      when,
      'never',
      expect.stringMatching(/^Sat 21 Nov( \d{4})? 13:00 missed$/),
      'dev:ops',
    ],
    ['nightly', 'backup', when, expect.stringMatching(/^Sun 22 Nov( \d{4})? 02:00$/), '', 'dev:ops'],
    ['paused', 'backup', when, 'paused by Ana', '', 'dev:ops'],
  ]);
  expect((await document('schedules')).data).toMatchObject([
    { key: 'ended', next: null, last: { outcome: 'missed', times: 2 } },
    {
      key: 'nightly',
      next: '2026-11-22T01:00:00.000Z',
      upcoming: ['2026-11-22T01:00:00.000Z', '2026-11-23T01:00:00.000Z', '2026-11-24T01:00:00.000Z'],
    },
    { key: 'paused', paused: { by: 'Ana' } },
  ]);
});

test('an empty timetable says where schedules come from', async () => {
  const { textops, inStore } = await cliBench();
  await inStore(async () => undefined);
  expect((await textops('schedules')).err).toContain('No schedules yet');
});
