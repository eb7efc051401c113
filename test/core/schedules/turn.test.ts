import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstOf, firstOpen } from '../../../src/core/schedules/first-of.ts';
import type { ScheduleSpec, Standing } from '../../../src/core/schedules/schedule.ts';
import { CATCH_UP_MS, type DueSchedule, ON_TIME_MS, turnOf } from '../../../src/core/schedules/turn.ts';
import { minutes, noon } from '../../cast.ts';

/** A timetable that anybody can do in their head: every so many minutes, counted from noon, for so long. */
const every = (count: number, last = Infinity) => ({
  *upcoming(_timing: unknown, since: number) {
    const step = minutes(count);
    const first = noon + Math.floor((since - noon) / step + 1) * step;
    for (let at = first; at <= last; at += step) yield at;
  },
});

const hourly = every(60);
const spec: ScheduleSpec = {
  key: 'nightly',
  jobKey: 'backup',
  cron: '0 * * * *',
  timezone: 'UTC',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
};

const schedule = (
  standing: Standing,
  more: { readonly overlap?: ScheduleSpec['overlap']; readonly openRun?: string } = {},
): DueSchedule => {
  const { overlap = 'skip', ...run } = more;
  return { spec: { ...spec, overlap }, source: 'file', standing, version: 3, ...run };
};

const oneHour = minutes(60);
const atNoon = schedule({ nextAt: noon });

describe('an occurrence', () => {
  test('is nobody’s business before its time, and asked from that moment on', () => {
    expect(turnOf(atNoon, noon - 1, hourly)).toBeUndefined();
    expect(turnOf(atNoon, noon, hourly)).toEqual({
      kind: 'ask',
      dueAt: noon,
      after: { nextAt: noon + oneHour },
    });
  });

  test('says that it is late only when somebody would notice', () => {
    expect(turnOf(atNoon, noon + ON_TIME_MS, hourly)).not.toHaveProperty('late');
    expect(turnOf(atNoon, noon + ON_TIME_MS + 1, hourly)).toMatchObject({ kind: 'ask', late: 'away' });
  });

  test('is asked for five minutes, and missed afterwards', () => {
    expect(turnOf(atNoon, noon + CATCH_UP_MS, hourly)).toMatchObject({ kind: 'ask', dueAt: noon });
    expect(turnOf(atNoon, noon + CATCH_UP_MS + 1, hourly)).toEqual({
      kind: 'miss',
      from: noon,
      dueAt: noon,
      times: 1,
      more: false,
      after: { nextAt: noon + oneHour },
    });
  });

  test('may be the last one', () => {
    expect(turnOf(atNoon, noon, every(60, noon))).toEqual({ kind: 'ask', dueAt: noon, after: {} });
    expect(turnOf(atNoon, noon + oneHour, every(60, noon))).toMatchObject({ kind: 'miss', after: {} });
  });

  test('never comes while the schedule is paused', () =>
    expect(
      turnOf(schedule({ nextAt: noon, paused: { by: 'Ana', at: noon } }), noon, hourly),
    ).toBeUndefined());
});

describe('of several that were missed', () => {
  test('the newest is asked when it is young enough, the others are one record before it', () => {
    const at = noon + 3 * oneHour + minutes(4);
    const first = turnOf(atNoon, at, hourly);
    expect(first).toEqual({
      kind: 'miss',
      from: noon,
      dueAt: noon + 2 * oneHour,
      times: 3,
      more: false,
      after: { nextAt: noon + 3 * oneHour },
    });
    expect(turnOf(schedule(first?.after ?? {}), at, hourly)).toEqual({
      kind: 'ask',
      dueAt: noon + 3 * oneHour,
      late: 'away',
      after: { nextAt: noon + 4 * oneHour },
    });
  });

  test('those inside the window are no burst either', () => {
    const at = noon + minutes(4);
    const first = turnOf(atNoon, at, every(1));
    expect(first).toMatchObject({ kind: 'miss', from: noon, dueAt: noon + minutes(3), times: 4 });
    expect(turnOf(schedule(first?.after ?? {}), at, every(1))).toMatchObject({
      kind: 'ask',
      dueAt: at,
      after: { nextAt: at + minutes(1) },
    });
  });

  test('all are one record when the newest is too old', () =>
    expect(turnOf(atNoon, noon + 3 * oneHour + minutes(6), hourly)).toMatchObject({
      kind: 'miss',
      dueAt: noon + 3 * oneHour,
      times: 4,
      after: { nextAt: noon + 4 * oneHour },
    }));

  test('more than anybody would count are not counted', () => {
    const at = noon + minutes(10_000);
    expect(turnOf(atNoon, at, every(1))).toEqual({
      kind: 'miss',
      from: noon,
      dueAt: noon + minutes(499),
      times: 500,
      more: true,
      after: { nextAt: at },
    });
  });
});

describe('while the run before has not ended', () => {
  const overlapping = (overlap: ScheduleSpec['overlap'], standing: Standing = { nextAt: noon }) =>
    turnOf(schedule(standing, { overlap, openRun: 'K7M2QX' }), noon, hourly);
  const after = { nextAt: noon + oneHour };

  test('skip leaves the occurrence out', () =>
    expect(overlapping('skip')).toEqual({ kind: 'skip', dueAt: noon, runId: 'K7M2QX', after }));

  test('allow asks all the same', () => expect(overlapping('allow')).toMatchObject({ kind: 'ask', after }));

  test('queue lets one wait, and leaves out those behind it', () => {
    const waitingFor = noon - oneHour;
    expect(overlapping('queue')).toEqual({
      kind: 'wait',
      dueAt: noon,
      after: { ...after, waitingFor: noon },
    });
    expect(overlapping('queue', { nextAt: noon, waitingFor })).toEqual({
      kind: 'skip',
      dueAt: noon,
      runId: 'K7M2QX',
      after: { ...after, waitingFor },
    });
  });

  test('the waiting one is asked as soon as the run has ended, however long that took', () => {
    const waitingFor = noon - 9 * oneHour;
    const standing = { nextAt: noon + oneHour, waitingFor };
    expect(turnOf(schedule(standing, { overlap: 'queue' }), noon, hourly)).toEqual({
      kind: 'ask',
      dueAt: waitingFor,
      late: 'overlap',
      after: { nextAt: noon + oneHour },
    });
    expect(turnOf(schedule(standing, { overlap: 'queue', openRun: 'K7M2QX' }), noon, hourly)).toBeUndefined();
  });
});

describe('an occurrence that somebody put off', () => {
  const off = { nextAt: noon + minutes(30), snoozed: noon };
  const at = off.nextAt;

  test('is asked for at the later moment, and stays the one that it was', () => {
    expect(turnOf(schedule(off), at - 1, hourly)).toBeUndefined();
    expect(turnOf(schedule(off), at, hourly)).toEqual({
      kind: 'ask',
      dueAt: noon,
      late: 'snoozed',
      after: { nextAt: noon + oneHour },
    });
  });

  test('waits or is left out like any other while the run before goes on', () => {
    expect(turnOf(schedule(off, { openRun: 'K7M2QX' }), at, hourly)).toMatchObject({
      kind: 'skip',
      dueAt: noon,
    });
    expect(turnOf(schedule(off, { overlap: 'queue', openRun: 'K7M2QX' }), at, hourly)).toEqual({
      kind: 'wait',
      dueAt: noon,
      after: { nextAt: noon + oneHour, waitingFor: noon },
    });
  });

  test('is missed with all that followed when nobody was there', () => {
    expect(turnOf(schedule(off), at + CATCH_UP_MS + 1, hourly)).toEqual({
      kind: 'miss',
      from: noon,
      dueAt: noon,
      times: 1,
      more: false,
      after: { nextAt: noon + oneHour },
    });
    expect(turnOf(schedule(off), noon + 2 * oneHour, hourly)).toEqual({
      kind: 'miss',
      from: noon,
      dueAt: noon + oneHour,
      times: 2,
      more: false,
      after: { nextAt: noon + 2 * oneHour },
    });
  });
});

test('however time passes, every occurrence is settled once, and no two questions come of one look', () => {
  const gaps = fc.array(fc.oneof(fc.nat(minutes(2)), fc.nat(minutes(40))), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 20 }), (pauses, count) => {
      const timetable = every(count);
      let standing: Standing = { nextAt: noon };
      let at = noon;
      let settled = 0;
      for (const pause of pauses) {
        at += pause;
        let asked = 0;
        for (;;) {
          const turn = turnOf(schedule(standing), at, timetable);
          if (turn === undefined) break;
          settled += turn.kind === 'miss' ? turn.times : 1;
          if (turn.kind === 'ask') asked += 1;
          standing = turn.after;
        }
        expect(asked).toBeLessThanOrEqual(1);
      }
      const passed = Math.floor((at - noon) / minutes(count)) + 1;
      expect(settled).toBe(passed);
      expect(standing.nextAt).toBe(noon + passed * minutes(count));
    }),
  );
});

test('the first open one is none that is settled already', () => {
  expect(firstOpen(every(60).upcoming({}, noon), [])).toBe(noon + oneHour);
  expect(firstOpen(every(60).upcoming({}, noon), [noon + oneHour])).toBe(noon + 2 * oneHour);
  expect(firstOpen(every(60, noon + oneHour).upcoming({}, noon), [noon + oneHour])).toBeUndefined();
});

test('the first of many are taken one by one', () => {
  expect(firstOf(every(60).upcoming({}, noon), 2)).toEqual([noon + oneHour, noon + 2 * oneHour]);
  expect(firstOf(every(60, noon).upcoming({}, noon), 2)).toEqual([]);
});
