import { describe, expect, test } from 'vitest';
import type { Standing } from '../../../src/core/schedules/schedule.ts';
import { type Steering, steer } from '../../../src/core/schedules/steer.ts';
import { minutes, noon } from '../../cast.ts';

const HOUR = minutes(60);
const soon = noon + minutes(10);

interface Calendar {
  upcoming(timing: unknown, after: number): Generator<number>;
}

const calendar: Calendar = {
  *upcoming(_: unknown, after: number) {
    for (let at = Math.floor(after / HOUR) * HOUR + HOUR; ; at += HOUR) yield at;
  },
};

/** Comes round once more, at one o'clock. */
const last: Calendar = {
  *upcoming(_: unknown, after: number) {
    if (after < noon + HOUR) yield noon + HOUR;
  },
};

const spec = {
  key: 'hourly',
  jobKey: 'backup',
  cron: '0 * * * *',
  timezone: 'UTC',
  chat: 'dev:ops',
  params: {},
  overlap: 'skip',
} as const;

const done = (
  standing: Standing,
  steering: Steering,
  over: { readonly settled?: readonly number[]; readonly calendar?: Calendar } = {},
) => steer({ spec, standing }, steering, { at: soon, by: 'Ana', calendar, settled: [], ...over });

const next = { nextAt: noon + HOUR };
const paused = { paused: { by: 'Bob', at: noon } };

describe('pausing', () => {
  test('takes everything away that was to come', () =>
    expect(done({ ...next, snoozed: noon }, { verb: 'pause' })).toEqual({
      ok: true,
      standing: { paused: { by: 'Ana', at: soon } },
    }));

  test('ends the waiting of what waited', () =>
    expect(done({ ...next, waitingFor: noon }, { verb: 'pause' })).toMatchObject({
      settles: { dueAt: noon, outcome: 'skipped', because: 'paused' },
    }));

  test('twice is once', () =>
    expect(done(paused, { verb: 'pause' })).toEqual({ ok: false, why: 'already_paused' }));
});

describe('resuming', () => {
  test('goes on with the next one', () =>
    expect(done(paused, { verb: 'resume' })).toEqual({ ok: true, standing: next }));

  test('passes over what was settled ahead', () =>
    expect(done(paused, { verb: 'resume' }, { settled: [noon + HOUR] })).toEqual({
      ok: true,
      standing: { nextAt: noon + 2 * HOUR },
    }));

  test('finds nothing where nothing comes any more', () =>
    expect(done(paused, { verb: 'resume' }, { calendar: last, settled: [noon + HOUR] })).toEqual({
      ok: true,
      standing: {},
    }));

  test('takes a pause', () =>
    expect(done(next, { verb: 'resume' })).toEqual({ ok: false, why: 'not_paused' }));
});

describe('skipping', () => {
  const settles = { dueAt: noon + HOUR, outcome: 'skipped', because: 'person' };

  test('leaves out the next one only', () =>
    expect(done(next, { verb: 'skip' })).toEqual({
      ok: true,
      standing: { nextAt: noon + 2 * HOUR },
      settles,
      dueAt: noon + HOUR,
    }));

  test('means the one that waits, if one does', () =>
    expect(done({ ...next, waitingFor: noon }, { verb: 'skip' })).toMatchObject({
      standing: next,
      settles: { dueAt: noon },
    }));

  test('means the one that was put off, by the time at which it was due', () =>
    expect(done({ nextAt: noon + minutes(90), snoozed: noon + HOUR }, { verb: 'skip' })).toEqual({
      ok: true,
      standing: { nextAt: noon + 2 * HOUR },
      settles,
      dueAt: noon + HOUR,
    }));

  test('the last one of all leaves nothing', () =>
    expect(done(next, { verb: 'skip' }, { calendar: last })).toMatchObject({ ok: true, standing: {} }));

  test('takes something to skip', () => {
    expect(done({}, { verb: 'skip' })).toEqual({ ok: false, why: 'never_again' });
    expect(done(paused, { verb: 'skip' })).toEqual({ ok: false, why: 'schedule_paused' });
  });
});

describe('snoozing', () => {
  const byHalf = { verb: 'snooze', ms: minutes(30) } as const;

  test('asks for the same one later', () =>
    expect(done(next, byHalf)).toEqual({
      ok: true,
      standing: { nextAt: noon + minutes(90), snoozed: noon + HOUR },
      dueAt: noon + HOUR,
    }));

  test('again puts it off again, and it stays the one that it was', () =>
    expect(
      done({ nextAt: noon + minutes(70), snoozed: noon + HOUR }, { verb: 'snooze', ms: minutes(20) }),
    ).toMatchObject({ standing: { nextAt: noon + minutes(90), snoozed: noon + HOUR } }));

  test('never reaches the one that follows', () =>
    expect(done(next, { verb: 'snooze', ms: HOUR })).toEqual({
      ok: false,
      why: 'snooze_too_long',
      until: noon + 2 * HOUR,
      following: noon + 2 * HOUR,
    }));

  test('the last one of all has no other behind it', () =>
    expect(done(next, { verb: 'snooze', ms: 5 * HOUR }, { calendar: last })).toMatchObject({ ok: true }));

  test('takes something to put off', () => {
    expect(done({}, byHalf)).toEqual({ ok: false, why: 'never_again' });
    expect(done(paused, byHalf)).toEqual({ ok: false, why: 'schedule_paused' });
  });
});
