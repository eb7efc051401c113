import { describe, expect, test } from 'vitest';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { refusalLines } from '../../../src/core/text/cards/refusal-words.ts';
import { leaseLines } from '../../../src/core/text/ops/lease-words.ts';
import { nodeLines } from '../../../src/core/text/ops/node-words.ts';
import { opsBoard, opsLines } from '../../../src/core/text/ops/ops-board.ts';
import type { OpsReading } from '../../../src/core/text/ops/ops-figures.ts';
import { problemsOf } from '../../../src/core/text/ops/ops-problems.ts';
import { repeatLines } from '../../../src/core/text/ops/repeat-words.ts';
import { FIXTURES, ill, well } from './ops-fixtures.ts';

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

  describe.each(Object.entries(FIXTURES))('%s', (_, reading) => {
    const { lines, pre, after } = opsBoard(reading);

    test('fits a phone: 14 lines, and no row is wider than 34 columns', () => {
      expect(lines.length + pre.length + after.length).toBeLessThanOrEqual(14);
      expect(pre.filter((row) => row.length > 34)).toEqual([]);
    });

    test('says first how many problems there are, and each that is named comes with what treats it', () => {
      const [verdict = '', ...named] = plainLines(lines);
      const { length } = problemsOf(reading);
      const words = length === 1 ? '1 problem' : `${length} problems`;
      expect(verdict.startsWith(length === 0 ? '✅ OK' : `⚠️ ${words}`)).toBe(true);
      for (const line of named) expect(line).toMatch(/ → (?:\/|textops )\S/);
      expect(named.length === 0).toBe(length === 0);
    });

    test('keeps every row in its place', () => {
      const places = ['queue', 'running', 'waiting', 'failed', 'workers', 'outbox', 'channels'];
      const heads = pre.map((row) => row.split(' ', 1)[0] ?? '').filter((head) => places.includes(head));
      expect(heads).toEqual(places);
    });
  });

  test('names the worst of many problems and counts the others', () => {
    expect(shown(FIXTURES['everything at once'])).toEqual([
      '⚠️ 15 problems · production · 14:32 UTC',
      '1. Everything is frozen: nothing is decided or started → /unfreeze',
      '2. The queue is switched off → /gates',
      '3. The queue is paused → /unpause queue',
      '… and 12 more → textops ops',
      'queue     14k ready 9m  2k later !',
      'running   1 of 0     1 stale !',
      'waiting   1, oldest 40s',
      'failed    5 in 1h    9 in 24h !',
      'workers   0 up       beat 6m ago',
      'schedule  5m late !',
      'outbox    12 open 6m  4 dead !',
      'channels  telegram down 2m 20s',
      'v1.2.0 · up 6d',
    ]);
    const { lines } = opsBoard(FIXTURES['everything at once'], Infinity);
    expect(lines).toHaveLength(16);
  });

  test('minds failures by their share: one lonely failure is none', () => {
    const failures = (failedHour: number, endedHour: number) =>
      problemsOf({ ...well, failedHour, endedHour }).map(({ words }) => words);
    expect(failures(1, 1)).toEqual([]);
    expect(failures(3, 3)).toEqual([]);
    expect(failures(25, 100)).toEqual([]);
    expect(failures(2, 4)).toEqual(['Failures: 2 of 4 runs in 1h failed']);
  });

  test('minds a message that cannot be sent when somebody is rung for it, and not before', () => {
    const unsent = (oldestOutboxMs: number) => problemsOf({ ...well, openOutbox: 1, oldestOutboxMs });
    expect(unsent(5 * 60_000)).toEqual([]);
    expect(unsent(5 * 60_000 + 1000)).toEqual([
      {
        name: 'unsent messages',
        words: 'Messages: the oldest unsent one waits 5m 01s',
        cure: 'textops doctor',
      },
    ]);
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

describe('/ops where everything stands in threads', () => {
  const told = (reading: OpsReading): readonly string[] => plainLines(opsLines(reading));

  test('is one line when all is well', () => {
    expect(opsLines({ ...well, schedule: { lateMs: 900 } })).toEqual([
      [
        { bold: 'OK' },
        '  production   queue 0  running 1/4  stale 0  waiting 1 (40s)  failed 0/1h 2/24h  workers 1  schedule 0s late  v1.2.0',
      ],
    ]);
    expect(told(well)[0]).not.toContain('schedule');
  });

  test('has a line for everything that is wrong, with what treats it', () => {
    expect(told(FIXTURES['the queue grows'])).toEqual([
      '1 problem  production   queue 14  running 1/4  stale 0  waiting 1 (40s)  failed 0/1h 2/24h  workers 1  v1.2.0',
      '1. Queue: oldest ready item waits 9m (limit 2m), 14 items → /runs queued',
    ]);
  });

  test.each(Object.entries(FIXTURES))('%s: verdict, problems, 14 lines at most', (_, reading) => {
    const [verdict = '', ...named] = told(reading);
    const { length } = problemsOf(reading);
    expect(verdict).toMatch(length === 0 ? /^OK {2}/ : new RegExp(`^${length} problems? `));
    expect(named.length).toBe(Math.min(length, 13));
    for (const line of named) expect(line).toMatch(/ → (?:\/|textops )\S/);
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

describe('/ops nodes', () => {
  const at = Date.UTC(2026, 10, 21, 14, 32);
  const loop = {
    name: 'expire-runs@box-k3x9',
    kind: 'loop',
    slots: 0,
    beatAt: at - 4000,
    everyMs: 10_000,
    silentMs: 300_000,
    registeredAt: at - 3_600_000,
    place: '',
  } as const;
  const worker = { ...loop, name: 'box-k3x9', kind: 'worker', slots: 4 } as const;
  const far = { ...worker, name: 'far-77aa', beatAt: at - 400_000, registeredAt: at - 7_200_000 };
  const lease = { name: 'ticks', holder: 'box-k3x9', until: at + 4000 };

  test('shows each process with what it does, and whoever is silent first', () => {
    const beats = [loop, { ...loop, name: 'fire-schedules@box-k3x9' }, worker, far];
    expect(plainLines(nodeLines(beats, [lease, { ...lease, name: 'poller', until: at }], at))).toEqual([
      '🔴 far-77aa: worker with 4 slots · up 2h · heard 6m 40s ago · silent: its worker',
      '🟢 box-k3x9: worker with 4 slots, 2 loops · up 1h · heard 4s ago · alone in charge of ticks',
    ]);
  });

  test('says so when nobody has been heard', () =>
    expect(plainLines(nodeLines([], [], at))).toEqual(['No process has been heard yet.']));
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
