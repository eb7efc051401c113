import { describe, expect, test } from 'vitest';
import { leaseLines } from '../../../src/core/text/lease-words.ts';
import { opsBoard, problemsOf } from '../../../src/core/text/ops-board.ts';
import type { OpsReading } from '../../../src/core/text/ops-figures.ts';
import { plainLines } from '../../../src/core/text/plain.ts';
import { refusalLines } from '../../../src/core/text/refusal-words.ts';
import { repeatLines } from '../../../src/core/text/repeat-words.ts';

const well: OpsReading = {
  at: Date.UTC(2026, 10, 21, 14, 32),
  profile: 'production',
  version: '1.2.0',
  upMs: 6 * 86_400_000,
  ready: 0,
  later: 0,
  running: 1,
  stale: [],
  waiting: 1,
  oldestWaitingMs: 40_000,
  failedHour: 0,
  endedHour: 4,
  failedDay: 2,
  deadInbox: 0,
  deadOutbox: 0,
  deadJobs: 0,
  paused: [],
  silent: [],
  openInbox: 0,
  openOutbox: 0,
  ambiguous: 0,
  workers: [{ workerId: 'w1', beatMsAgo: 3000, slots: 4 }],
  channels: [{ channel: 'telegram', state: 'ok', pollAgeMs: 12_000 }],
};

const ill: OpsReading = {
  ...well,
  ready: 14_000,
  oldestReadyMs: 9 * 60_000,
  later: 2000,
  stale: [{ runId: 'K7M2QX', jobKey: 'report', workerId: 'w2', sinceMs: 6 * 60_000 }],
  failedHour: 5,
  endedHour: 8,
  commonError: { summary: 'ENOSPC db1', count: 4 },
  deadInbox: 1,
  deadOutbox: 3,
  openOutbox: 12,
  oldestOutboxMs: 5 * 60_000,
  workers: [{ workerId: 'w2', beatMsAgo: 6 * 60_000, slots: 4 }],
  channels: [
    {
      channel: 'telegram',
      state: 'down',
      reason: 'another process polls with this token',
      pollAgeMs: 140_000,
    },
    { channel: 'terminal', state: 'ok' },
  ],
};

const shown = (reading: OpsReading): readonly string[] => {
  const { lines, pre, after } = opsBoard(reading);
  return [...plainLines(lines), ...pre, ...plainLines(after)];
};

describe('/ops', () => {
  test('says first that all is well, then always the same rows', () =>
    expect(shown(well)).toEqual([
      '✅ OK · production · 14:32 UTC',
      'queue     0 ready  0 later',
      'running   1 of 4     0 stale',
      'waiting   1, oldest 40s',
      'failed    0 in 1h    2 in 24h',
      'workers   1 up       beat 3s ago',
      'outbox    0 open  0 dead',
      'channels  telegram ok 12s',
      'v1.2.0 · up 6d',
    ]));

  test('says how late the clock is and what comes next, as its schedule spells it', () => {
    const row = (lateMs: number, after?: number) => {
      const next = after === undefined ? {} : { next: { at: well.at + after, timezone: 'Europe/Berlin' } };
      return opsBoard({ ...well, schedule: { lateMs, ...next } }).pre.find((line) =>
        line.startsWith('schedule'),
      );
    };
    const hour = 3_600_000;
    expect(row(0, 11.5 * hour)).toBe('schedule  0s late    next 03:02');
    expect(row(999, 3 * 24 * hour)).toBe('schedule  0s late   next Tue 15:32');
    expect(row(59_000, 3 * 24 * hour)).toBe('schedule  59s late  next Tue 15:32');
    expect(row(0, 30 * 24 * hour)).toBe('schedule  0s late    next 21 Dec');
    expect(row(0)).toBe('schedule  0s late');
    expect(row(61_000, hour)).toBe('schedule  1m late !');
    expect(problemsOf({ ...well, schedule: { lateMs: 61_000 } })).toEqual([
      { name: 'late schedules', words: 'Schedules: the oldest due one waits 1m 01s', cure: '/ops workers' },
    ]);
    expect(problemsOf({ ...well, schedule: { lateMs: 60_000 } })).toEqual([]);
  });

  test('names problems first, worst first, and marks their rows', () => {
    const [verdict, first] = shown(ill);
    expect(verdict).toMatch(/^⚠️ \d problems · production/);
    expect(first).toBe('1. Stale: K7M2QX report, no beat for 6m, worker w2 silent → /recover K7M2QX');
    expect(shown(ill).filter((line) => line.endsWith(' !'))).toHaveLength(4);
  });

  test.each([well, ill])('fits a phone: no row is wider than 34 columns', (reading) => {
    expect(opsBoard(reading).pre.filter((row) => row.length > 34)).toEqual([]);
  });

  test('every problem comes with what treats it', () => {
    for (const { words, cure } of problemsOf(ill))
      expect([words, cure]).toEqual([words, expect.stringMatching(/^(\/|textops )/)]);
  });

  test('does not mind a channel that another process has', () => {
    const channels = [{ channel: 'telegram', state: 'standby', reason: 'another process polls (box-k3x9)' }];
    const [verdict, ...rows] = shown({ ...well, channels });
    expect(verdict).toBe('✅ OK · production · 14:32 UTC');
    expect(rows).toContain('channels  telegram standby');
  });

  test('counts the channels that do not fit into one row in a second one', () => {
    const channels = ['telegram', 'slack', 'sms', 'terminal'].map((channel) => ({ channel, state: 'ok' }));
    const { pre } = opsBoard({ ...well, channels });
    expect(pre.slice(-2)).toEqual(['channels  telegram ok  slack ok', '          sms ok  terminal ok']);
  });
});

describe('/ops ticks', () => {
  const at = Date.UTC(2026, 10, 21, 14, 32);
  const lease = { name: 'ticks', holder: 'box-k3x9', fence: 3, since: at - 90_000, until: at + 4000 };

  test('names the one process that does what one process at a time does', () => {
    const lost = { ...lease, name: 'poller:telegram:7', until: at };
    expect(plainLines(leaseLines([lost, lease], at))).toEqual([
      '🔴 poller:telegram:7: nobody at present, box-k3x9 was the last, fence 3',
      '🟢 ticks: box-k3x9, for 1m 30s, fence 3',
    ]);
  });

  test('says so when no process has run yet', () =>
    expect(plainLines(leaseLines([], at))).toEqual(['No process has taken anything upon itself yet.']));
});

describe('/ops refusals', () => {
  const count = (reason: string, day: number, week: number) => ({
    kind: 'auth_refused' as const,
    reason,
    day,
    week,
  });

  test('says so when nothing was refused', () =>
    expect(plainLines(refusalLines([]))).toEqual(['Nothing was refused in the last 7 days.']));

  test('groups reasons by what they mean, the most frequent of today first', () =>
    expect(
      plainLines(
        refusalLines([
          { kind: 'message_ignored', reason: 'edited', day: 9, week: 9 },
          count('wrong_token', 0, 4),
          count('may_not_see', 2, 2),
          count('owner_needed', 2, 3),
          count('stranger', 2, 2),
        ]),
      ),
    ).toEqual([
      'Not allowed (auth.refused)',
      'owner_needed  2 in 24h, 3 in 7d',
      'may_not_see  2 in 24h, 2 in 7d',
      'stranger  2 in 24h, 2 in 7d',
      'wrong_token  0 in 24h, 4 in 7d',
      'Not certainly written by anybody (message.ignored)',
      'edited  9 in 24h, 9 in 7d',
    ]));
});

describe('/ops dedup', () => {
  test('says so when nothing came twice', () =>
    expect(plainLines(repeatLines([]))).toEqual(['No message came twice.']));

  test('names what came again, how often and when', () => {
    const lastAt = Date.UTC(2026, 10, 21, 14, 2);
    const repeat = { channel: 'telegram', account: '7', eventKey: '4711', times: 1, lastAt };
    expect(plainLines(repeatLines([repeat, { ...repeat, eventKey: '4712', times: 3 }]))).toEqual([
      'Messages that came again; each took effect once',
      'telegram 4711  once more, last 14:02 UTC',
      'telegram 4712  3 times more, last 14:02 UTC',
    ]);
  });
});
