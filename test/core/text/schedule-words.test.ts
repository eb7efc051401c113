import { describe, expect, test } from 'vitest';
import type { Schedule, Settled } from '../../../src/core/schedules/schedule.ts';
import type { Turn } from '../../../src/core/schedules/turn.ts';
import { plainLine, plainLines } from '../../../src/core/text/cards/plain.ts';
import {
  hinderedLine,
  type Listed,
  missedLine,
  scheduleLines,
} from '../../../src/core/text/schedules/schedule-words.ts';
import { zonedClock, zonedMoment } from '../../../src/core/time/zoned.ts';
import { asks, bob, minutes, noon, says } from '../../cast.ts';
import { runAfter } from '../../given.ts';

const nightly = { key: 'nightly', jobKey: 'backup' };
const hour = minutes(60);

describe('what was missed is told', () => {
  const miss = (more: Partial<Extract<Turn, { kind: 'miss' }>> = {}) =>
    plainLine(
      missedLine(nightly, {
        kind: 'miss',
        from: noon,
        dueAt: noon,
        times: 1,
        more: false,
        after: {},
        ...more,
      }),
    );

  test('by its time', () =>
    expect(miss({ after: { nextAt: noon + 24 * hour } })).toBe(
      '⏰ nightly (backup) missed Sat 21 Nov 12:00 UTC because TextOps was not running. Nothing ran. ' +
        'Next Sun 22 Nov 12:00 UTC',
    ));
  test('by its number and its ends', () =>
    expect(miss({ dueAt: noon + 2 * hour, times: 3 })).toBe(
      '⏰ nightly (backup) missed 3 times, Sat 21 Nov 12:00 UTC to Sat 21 Nov 14:00 UTC, ' +
        'because TextOps was not running. Nothing ran.',
    ));
  test('or as more than anybody would count', () =>
    expect(miss({ dueAt: noon + 2 * hour, times: 500, more: true })).toContain(
      'missed more than 500 times since Sat 21 Nov 12:00 UTC because',
    ));
});

test.each([
  ['unknown_job', 'there is no such job any more'],
  ['invalid_params', 'its parameters do not fit the job any more'],
  ['job_substrate_disabled', 'the queue is switched off, see /gates'],
  ['run_exists', 'run_exists'],
])('why it could not ask (%s) is told', (because, words) => {
  const line = hinderedLine(nightly, { kind: 'ask', dueAt: noon, after: { nextAt: noon + hour } }, because);
  expect(plainLine(line)).toBe(
    `⚠️ nightly (backup) was due Sat 21 Nov 12:00 UTC and could not ask: ${words}. Nothing ran. Next Sat 21 Nov 13:00 UTC`,
  );
});

describe('/schedules', () => {
  const schedule = (more: Partial<Schedule> = {}): Schedule => ({
    spec: {
      ...nightly,
      cron: '0 2 * * *',
      timezone: 'Europe/Berlin',
      chat: 'dev:ops',
      params: {},
      overlap: 'skip',
    },
    source: 'file',
    standing: { nextAt: noon + 13 * hour },
    version: 1,
    ...more,
  });
  const lines = (listed: Partial<Listed> & { readonly schedule: Schedule }, timezone?: string) =>
    plainLines(
      scheduleLines([{ words: 'every day at 02:00 (Europe/Berlin)', ...listed }], {
        now: noon,
        ...(timezone === undefined ? {} : { timezone }),
      }),
    );
  const second = (more: Partial<Schedule>, listed: Partial<Listed> = {}) =>
    lines({ schedule: schedule(more), ...listed })[1];
  const settled = (more: Partial<Settled>): Settled => ({ dueAt: noon, outcome: 'asked', at: noon, ...more });

  test('shows what is asked when, and what comes next', () =>
    expect(lines({ schedule: schedule() })).toEqual([
      'nightly  backup · every day at 02:00 (Europe/Berlin)',
      '   next Sun 22 Nov 02:00',
    ]));
  test('on the clock of whoever reads, where that is another one', () => {
    expect(lines({ schedule: schedule() }, 'Asia/Tokyo')[1]).toBe('   next Sun 22 Nov 10:00 Asia/Tokyo');
    expect(lines({ schedule: schedule() }, 'Europe/Berlin')[1]).toBe('   next Sun 22 Nov 02:00');
  });
  test('says what keeps it', () => {
    expect(second({ standing: {} })).toBe('   never again');
    expect(second({ standing: { paused: { by: 'Ana', at: noon } } })).toBe(
      '   paused by Ana since Sat 21 Nov 13:00',
    );
    expect(second({ standing: { nextAt: noon + hour, waitingFor: noon } })).toBe(
      '   next Sat 21 Nov 14:00 · Sat 21 Nov 13:00 waits for the run before it',
    );
  });
  test.each([
    ['asked', { runId: 'K7M2QX' }, 'asked, K7M2QX'],
    ['skipped', { runId: 'K7M2QX', because: 'overlap' }, 'left out, K7M2QX had not ended'],
    ['skipped', { because: 'unknown_job' }, 'could not ask, there is no such job any more'],
    ['skipped', {}, 'could not ask, '],
    ['missed', { times: 1 }, 'missed'],
    ['missed', { times: 3 }, 'missed, 3 times in a row'],
    ['missed', {}, 'missed'],
  ] as const)('and what came last: %s %j', (outcome, more, words) =>
    expect(second({ last: settled({ outcome, ...more }) })).toBe(
      `   next Sun 22 Nov 02:00 · last Sat 21 Nov 13:00: ${words}`,
    ),
  );
  test('and how the run goes that was asked for last', () => {
    const last = settled({ runId: 'K7M2QX' });
    const run = runAfter(asks(), says.no(bob));
    expect(second({ last }, { run })).toContain('last Sat 21 Nov 13:00: ⛔ K7M2QX denied');
  });
});

describe('a moment on the clock of a zone', () => {
  const newYear = Date.parse('2027-01-01T03:30Z');
  test('shows the year only when it is another one', () => {
    expect(zonedMoment(newYear, 'America/New_York')).toBe('Thu 31 Dec 22:30');
    expect(zonedMoment(newYear, 'Europe/Berlin', noon)).toBe('Fri 1 Jan 2027 04:30');
    expect(zonedMoment(newYear, 'America/New_York', noon)).toBe('Thu 31 Dec 22:30');
  });
  test('midnight is 00:00', () =>
    expect(zonedClock(Date.parse('2026-11-21T23:00Z'), 'Europe/Berlin')).toBe('00:00'));
  test('without a zone it is that of the machine', () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(zonedMoment(noon, undefined)).toBe(zonedMoment(noon, timeZone));
  });
});
