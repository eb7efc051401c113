import type { OpsReading } from '../../../src/core/text/ops/ops-figures.ts';

// What a board has been asked to show, from a quiet night to the worst one.

export const well: OpsReading = {
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

export const ill: OpsReading = {
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
  oldestOutboxMs: 6 * 60_000,
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

const silent = { name: 'send-notices@box-k3x9', kind: 'loop', sinceMs: 7 * 60_000 };

const manyChannels: OpsReading['channels'] = [
  { channel: 'telegram', state: 'ok', pollAgeMs: 12_000 },
  { channel: 'slack', state: 'ok', pollAgeMs: 4000 },
  { channel: 'sms', state: 'ok' },
  { channel: 'terminal', state: 'ok' },
];

export const FIXTURES = {
  'all is well': well,
  'nobody has done anything yet': {
    ...well,
    running: 0,
    waiting: 0,
    endedHour: 0,
    failedDay: 0,
    workers: [],
  },
  'much is wrong': ill,
  'the queue grows': { ...well, ready: 14, later: 2, oldestReadyMs: 9 * 60_000 },
  'no worker is there': {
    ...well,
    ready: 1,
    oldestReadyMs: 31_000,
    workers: [{ workerId: 'w1', beatMsAgo: 31_000, slots: 4 }],
  },
  'half of the runs fail': {
    ...well,
    failedHour: 5,
    endedHour: 8,
    failedDay: 9,
    commonError: { summary: 'ENOSPC db1 '.repeat(20), count: 4 },
  },
  'somebody froze it': { ...well, paused: ['frozen'] },
  'jobs are paused': {
    ...well,
    paused: ['job:backup', 'job:report', 'job:a-job-with-a-very-long-name-indeed'],
  },
  'a loop is silent': { ...well, silent: [silent, { ...silent, kind: 'worker', name: 'w2' }] },
  'a channel is deaf': {
    ...well,
    channels: [
      { channel: 'telegram', state: 'degraded', reason: 'no poll ended for 2m', pollAgeMs: 120_000 },
      ...manyChannels.slice(1),
    ],
  },
  'the clock is late': { ...well, schedule: { lateMs: 5 * 60_000 }, deadJobs: 3 },
  'everything at once': {
    ...ill,
    failedDay: 9,
    deadJobs: 12,
    paused: ['frozen', 'off', 'queue', 'job:backup'],
    silent: [
      silent,
      { ...silent, kind: 'worker', name: 'w2' },
      { ...silent, name: 'fire-schedules@box-k3x9' },
    ],
    schedule: { lateMs: 5 * 60_000 },
    channels: [...ill.channels, { channel: 'slack', state: 'down', reason: 'the token was refused' }],
  },
} as const satisfies Readonly<Record<string, OpsReading>>;
