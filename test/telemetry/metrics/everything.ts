import type { Observation } from '../../../src/core/ports/observe.ts';
import type { LoadFigures } from '../../../src/core/ports/store.ts';
import { openMetrics, type Sources } from '../../../src/telemetry/metrics/metrics.ts';

export const noon = Date.UTC(2026, 10, 21, 12, 0);

export const figures: LoadFigures = {
  ready: 3,
  oldestReadyMs: 4500,
  later: 2,
  running: 1,
  stale: [{ runId: 'K7M2QX', jobKey: 'backup', workerId: 'w1', sinceMs: 90_000 }],
  waiting: 4,
  failedHour: 0,
  endedHour: 0,
  failedDay: 0,
  deadInbox: 1,
  deadOutbox: 2,
  deadJobs: 3,
  openInbox: 5,
  openOutbox: 6,
  ambiguous: 0,
  paused: [],
  silent: [],
  schedule: { lateMs: 7250 },
  workers: [
    { workerId: 'w1', beatMsAgo: 2000, slots: 4 },
    { workerId: 'w2', beatMsAgo: 90_000, slots: 2 },
  ],
  live: [
    { status: 'AwaitingApproval', count: 4 },
    { status: 'Running', count: 1 },
  ],
  busy: [{ workerId: 'w1', count: 5 }],
  unsent: [{ channel: 'telegram', count: 6, oldestMs: 12_000 }],
};

export const sources = (more: Partial<Sources> = {}): Sources => ({
  loads: () => Promise.resolve({ at: noon, figures }),
  build: () => ({ version: '1.2.0', commit: 'a1b2c3d4e5f6', configHash: '9f31c0a1b2c3', node: '24.21.0' }),
  channels: () => [
    { channel: 'telegram', state: 'ok' },
    { channel: 'slack', state: 'down', reason: 'the token was refused' },
    { channel: 'sms', state: 'standby' },
  ],
  backupAt: () => Promise.resolve(noon - 9 * 3_600_000),
  ...more,
});

const run = (more: Partial<Extract<Observation, { kind: 'run_changed' }>>): Observation => ({
  kind: 'run_changed',
  runId: 'K7M2QX',
  jobKey: 'backup',
  status: 'Running',
  event: 'RunCreated',
  actor: 'user:telegram:1',
  heavy: false,
  at: noon,
  epoch: 1,
  first: 1,
  channel: 'telegram',
  ...more,
});

/** An attempt that ended so. */
const ended = (outcome: string, number = 1) => ({
  ended: { epoch: 1, attempt: number, startedAt: noon, workerId: 'w1', outcome },
});

const send = { key: 'card:K7M2QX:3', tries: 1, tookMs: 90 };

const attempt = {
  runId: 'K7M2QX',
  jobKey: 'backup',
  heavy: false,
  epoch: 1,
  attempt: 1,
  workerId: 'w1',
} as const;

/** At least one of everything that is counted. */
export const story: readonly Observation[] = [
  { kind: 'message_handled', channel: 'telegram', intent: 'RunJob', tookMs: 12 },
  { kind: 'message_handled', channel: 'telegram', intent: 'Unknown', tookMs: 3 },
  { kind: 'message_handled', channel: 'telegram', intent: 'ApproveRun', tookMs: 3, forbidden: true },
  { kind: 'message_duplicate', channel: 'telegram' },
  { kind: 'message_failed', channel: 'telegram', inboxId: 1, attempts: 1, error: new Error('once') },
  {
    kind: 'message_failed',
    channel: 'telegram',
    inboxId: 1,
    attempts: 5,
    error: new Error('x'),
    gaveUp: true,
  },
  { kind: 'message_unreadable', channel: 'telegram', reason: 'no schema' },
  { kind: 'outbox_sent', address: 'telegram:1', content: 'card', send },
  { kind: 'outbox_later', address: 'telegram:1', content: 'card', reason: '500', ambiguous: false, send },
  { kind: 'outbox_later', address: 'telegram:1', content: 'note', reason: 'lost', ambiguous: true, send },
  { kind: 'outbox_dead', address: 'slack:T1:C1', content: 'note', reason: 'gone' },
  run({}),
  run({ event: 'RunCreated', actor: 'schedule:nightly' }),
  run({ event: 'RunCreated', actor: 'user:http:ci', channel: 'http' }),
  run({ event: 'RunCreated', actor: 'user:web:ana', channel: 'web' }),
  run({ event: 'RunCreated', actor: 'system:selftest', channel: 'http' }),
  run({ event: 'ScheduleTriggered', actor: 'schedule:nightly' }),
  run({ event: 'ScheduleTriggered', actor: 'schedule:nightly', late: true }),
  run({ event: 'RunApproved', status: 'Dispatching', waitedMs: 38_000 }),
  run({ event: 'RunDenied', status: 'Denied', waitedMs: 100_000 }),
  run({ event: 'DenialExplained', status: 'Denied' }),
  run({ event: 'ApprovalTimedOut', status: 'Expired', actor: 'system' }),
  run({ event: 'RunCanceled', status: 'Canceled' }),
  run({ event: 'ExecutionRetried', status: 'Dispatching', actor: 'worker:w1', ...ended('exit') }),
  run({ event: 'ExecutionRetried', status: 'Dispatching', actor: 'worker:w1', ...ended('timeout', 2) }),
  run({ event: 'ExecutionSucceeded', status: 'Succeeded', actor: 'worker:w1', ...ended('succeeded', 3) }),
  run({ event: 'ExecutionFailed', status: 'Failed', actor: 'worker:w1', ...ended('exit') }),
  run({ event: 'ExecutionLost', actor: 'system:recovery', ...ended('lease_expired') }),
  run({ event: 'ExecutionLost', actor: 'worker:w1', ...ended('interrupted') }),
  // Its loss was counted when it was lost; this is only the word of whoever gave it up.
  run({ event: 'ExecutionFailed', status: 'Failed', actor: 'user:telegram:1' }),
  {
    kind: 'transition_rejected',
    runId: 'K7M2QX',
    command: 'approve',
    why: 'already_voted',
    actor: 'telegram:1',
    from: 'Denied',
  },
  { kind: 'attempt_started', ...attempt, waitedMs: 40, sinceLeaveMs: 410 },
  { kind: 'attempt_started', ...attempt, waitedMs: 40, again: true },
  { kind: 'attempt_ended', ...attempt, outcome: 'exit', tookMs: 12_000 },
  { kind: 'attempt_ended', ...attempt, outcome: 'succeeded', tookMs: 31_200 },
  { kind: 'attempt_ended', ...attempt, outcome: 'canceled', tookMs: 700 },
  { kind: 'lease_recovered', runId: 'K7M2QX', workerId: 'w1', how: 'asked' },
  { kind: 'schedule_skipped', schedule: 'nightly', jobKey: 'backup', because: 'overlap' },
  { kind: 'schedule_skipped', schedule: 'nightly', jobKey: 'backup', because: 'unknown_job' },
  { kind: 'schedule_missed', schedule: 'nightly', jobKey: 'backup', times: 3 },
  { kind: 'poll_failed', channel: 'telegram', reason: 'conflict_409' },
  { kind: 'breaker_turned', dependency: 'telegram', state: 'open' },
];

/** The exposition of a process that has seen it all. */
export const everything = async (): Promise<string> => {
  const metrics = openMetrics();
  metrics.watchesProcess();
  metrics.knows([{ key: 'backup', heavy: false }]);
  for (const observation of story) metrics.sees(observation);
  metrics.timed('read', 1.5);
  metrics.served({ method: 'GET', route: '/runs/:id', code: '200' });
  return metrics.reads(sources())();
};
