import { expect, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { describe as inWords } from '../../src/telemetry/describe.ts';
import { LOG_EVENTS } from '../../src/telemetry/record.ts';
import { step } from './observations.ts';

const runId = 'K7M2QX';
const send = { key: `card:${runId}:3`, tries: 2, tookMs: 98 };
const attempt = { runId, jobKey: 'backup', epoch: 1, attempt: 2, workerId: 'w1' };

const release = { release: '1.2.0 (a1b2c3d)', from: '1.1.9 (f00dcaf)', who: 'root', tookMs: 33_000 };

const line = (observation: Observation): string => {
  const { level, event, msg } = inWords(observation);
  return `${level} ${event}: ${msg}`;
};

const eventOf = (words: string): string => /^\w+ ([\w.]+): /.exec(words)?.[1] ?? '';

/** What operators search for and alert on: written down by hand, level, event and words. */
const SAID: readonly (readonly [Observation, string])[] = [
  [
    { kind: 'message_handled', channel: 'telegram', intent: 'RunJob', runId, actor: 'user:t:1', tookMs: 12 },
    'info message.received: message of telegram handled as RunJob for run K7M2QX',
  ],
  [
    { kind: 'message_handled', channel: 'dev', intent: 'Unknown', tookMs: 12 },
    'info message.received: message of dev handled as Unknown',
  ],
  [
    { kind: 'message_duplicate', channel: 'sms' },
    'info message.duplicate: message of sms came again; once was enough',
  ],
  [
    { kind: 'message_ignored', channel: 'telegram', reason: 'forwarded' },
    'debug message.ignored: message of telegram ignored: forwarded',
  ],
  [
    { kind: 'message_unreadable', channel: 'slack', reason: 'no text' },
    'warn message.rejected: message of slack could not be read: no text',
  ],
  [
    { kind: 'message_failed', channel: 'telegram', inboxId: 7, attempts: 2, error: new Error('x') },
    'error message.failed: message 7 of telegram could not be handled (try 2)',
  ],
  [
    { kind: 'auth_refused', channel: 'http', reason: 'no_token' },
    'info auth.refused: refused on http: no_token',
  ],
  [
    { kind: 'never_policy_used', runId, jobKey: 'backup' },
    'warn policy.never_used: run K7M2QX of backup starts without a person: its policy is never',
  ],
  [
    { kind: 'transition_rejected', runId, command: 'approve', why: 'already_voted', actor: 'user:t:1' },
    'info transition_rejected: run K7M2QX: approve by user:t:1 refused: already_voted',
  ],
  [
    { kind: 'attempt_started', ...attempt, waitedMs: 102_000 },
    'info execution.started: run K7M2QX: attempt 2 started on w1 after 1m 42s',
  ],
  [
    { kind: 'attempt_ended', ...attempt, outcome: 'exit', tookMs: 400 },
    'warn execution.ended: run K7M2QX: attempt 2 ended on w1 after 0.4s: exit',
  ],
  [
    { kind: 'attempt_ended', ...attempt, outcome: 'succeeded', tookMs: 12 },
    'info execution.ended: run K7M2QX: attempt 2 ended on w1 after 12ms: succeeded',
  ],
  [
    { kind: 'attempt_ended', ...attempt, outcome: 'timeout', tookMs: 3_900_000 },
    'warn execution.timed_out: run K7M2QX: attempt 2 ended on w1 after 1h 05m: timeout',
  ],
  [
    { kind: 'report_refused', runId, workerId: 'w1', why: 'stale_fence' },
    'warn execution.report_refused: run K7M2QX: the report of w1 did not count: stale_fence',
  ],
  [{ kind: 'lease_lost', runId, workerId: 'w1' }, 'warn lease.lost: run K7M2QX: w1 lost its lease'],
  [
    { kind: 'lease_recovered', runId, workerId: 'w1', how: 'asked' },
    'warn lease.recovered: run K7M2QX: recovered from w1: asked',
  ],
  [
    { kind: 'schedule_skipped', schedule: 'nightly', because: 'overlap', runId },
    'info schedule.skipped: schedule nightly left one out: overlap, run K7M2QX has not ended',
  ],
  [
    { kind: 'schedule_skipped', schedule: 'nightly', because: 'unknown_job' },
    'warn schedule.skipped: schedule nightly left one out: unknown_job',
  ],
  [
    { kind: 'schedule_missed', schedule: 'nightly', times: 1 },
    'warn schedule.missed: schedule nightly missed one while nobody was there',
  ],
  [
    { kind: 'schedule_missed', schedule: 'nightly', times: 12 },
    'warn schedule.missed: schedule nightly missed 12 while nobody was there',
  ],
  [
    { kind: 'outbox_sent', address: 'telegram:-100/7', runId, send },
    'debug outbox.sent: message to telegram:-100/7 sent',
  ],
  [
    { kind: 'outbox_later', address: 'sms:+49', reason: '429', ambiguous: false, send },
    'info outbox.retry: message to sms:+49 waits: 429',
  ],
  [
    { kind: 'outbox_later', address: 'sms:+49', reason: 'timeout', ambiguous: true, send },
    'info outbox.retry: message to sms:+49 waits: timeout (it may have arrived)',
  ],
  [
    { kind: 'outbox_dead', address: 'slack:T1:C1', reason: 'channel_not_found' },
    'error outbox.dead: message to slack:T1:C1 given up: channel_not_found',
  ],
  [{ kind: 'outbound_dev', address: 'dev:ops', body: 'hello' }, 'info outbound.dev: OUTBOUND (dev): hello'],
  [
    { kind: 'channel_state', channel: 'slack', state: 'degraded', reason: 'slow' },
    'warn channel.degraded: channel slack: degraded, slow',
  ],
  [{ kind: 'channel_state', channel: 'slack', state: 'down' }, 'warn channel.degraded: channel slack: down'],
  [{ kind: 'channel_state', channel: 'sms', state: 'ok' }, 'info channel.recovered: channel sms: ok'],
  [{ kind: 'channel_state', channel: 'sms', state: 'standby' }, 'info channel.standby: channel sms: standby'],
  [
    { kind: 'poll_failed', channel: 'telegram', reason: 'conflict_409' },
    'debug channel.poll_failed: channel telegram could not be heard: conflict_409',
  ],
  [
    { kind: 'breaker_turned', dependency: 'sms', state: 'open' },
    'warn breaker.turned: sms: nothing is sent there for a while',
  ],
  [
    { kind: 'breaker_turned', dependency: 'sms', state: 'half_open' },
    'info breaker.turned: sms: the next message shows whether it is back',
  ],
  [
    { kind: 'breaker_turned', dependency: 'sms', state: 'closed' },
    'info breaker.turned: sms: messages arrive again',
  ],
  [
    { kind: 'advice', advisor: 'risk', outcome: 'answered' },
    'debug advice.given: the advisor for risk answered',
  ],
  [
    { kind: 'advice', advisor: 'risk', outcome: 'limited' },
    'debug advice.missed: done without the advisor for risk: limited',
  ],
  [
    { kind: 'advice', advisor: 'risk', outcome: 'failed', error: new Error('x') },
    'warn advice.missed: done without the advisor for risk: failed',
  ],
  [
    { kind: 'leader_changed', work: 'ticks', state: 'gained', fence: 3 },
    'info leader.gained: this process does ticks, fence 3',
  ],
  [
    { kind: 'leader_changed', work: 'telegram', state: 'lost', fence: 3 },
    'warn leader.lost: this process does telegram no more',
  ],
  [
    { kind: 'history_sealed', number: 7, events: 50, chains: 12 },
    'debug history.sealed: seal 7 covers 50 more events of 12 chains',
  ],
  [
    { kind: 'history_broken', chain: 'installation', words: 'event 4 does not follow event 3' },
    'error history.broken: the history of installation is not sealed: event 4 does not follow event 3',
  ],
  [
    { kind: 'release_changed', phase: 'started', release: '1.2.0 (a1b2c3d)', who: 'root', tookMs: 0 },
    'info release.started: release 1.2.0 (a1b2c3d): the installation is brought to it',
  ],
  [
    { kind: 'release_changed', phase: 'healthy', ...release },
    'info release.healthy: release 1.2.0 (a1b2c3d): it serves, from 1.1.9 (f00dcaf)',
  ],
  [
    { kind: 'release_changed', phase: 'rolled_back', ...release, reason: 'it is not ready' },
    'warn release.rolled_back: release 1.2.0 (a1b2c3d): back again, from 1.1.9 (f00dcaf): it is not ready',
  ],
  [
    { kind: 'release_changed', phase: 'failed', ...release, reason: 'it ended by itself' },
    'error release.failed: release 1.2.0 (a1b2c3d): it does not serve, and nothing else does, from 1.1.9 (f00dcaf): it ended by itself',
  ],
  [
    { kind: 'config_reloaded', changes: ['backup is version 2', 'hello is new'] },
    'info config.reloaded: reloaded: backup is version 2; hello is new',
  ],
  [
    { kind: 'config_rejected', problems: ['4:3 no such key', '9:1 twice'] },
    'warn config.rejected: the old catalog stays live: 4:3 no such key; 9:1 twice',
  ],
  [
    { kind: 'request_failed', method: 'GET', path: '/runs', error: new Error('x') },
    'error request.failed: GET /runs could not be answered',
  ],
  [{ kind: 'trace_faulted', error: new Error('x') }, 'warn trace.faulted: spans were lost'],
  [{ kind: 'started', what: 'worker w1' }, 'info process.started: worker w1 started'],
  [{ kind: 'stopped', what: 'worker w1' }, 'info process.stopped: worker w1 stopped'],
  [
    { kind: 'loop_faulted', loop: 'sender', error: new Error('x') },
    'error loop.faulted: sender met a fault and goes on',
  ],
];

test.each(SAID.map(([observation, words]) => [observation.kind, words, observation] as const))(
  '%s: %s',
  (_kind, words, observation) => expect(line(observation)).toBe(words),
);

/** What is known of a run from the outside, told by the one word that says it. */
const DID = {
  RunCreated: 'info run.created: run K7M2QX asked for',
  ScheduleTriggered: 'info schedule.fired: run K7M2QX due',
  ApprovalRequested: 'info run.approval_requested: run K7M2QX put to the approvers',
  PreviewRecorded: 'info run.previewed: run K7M2QX previewed',
  ApprovalReminded: 'info run.reminded: run K7M2QX put to the approvers again',
  ApprovalEscalated: 'info run.escalated: run K7M2QX put to somebody else too',
  ApprovalRecorded: 'info run.vote_recorded: run K7M2QX given a vote',
  RunApproved: 'info run.approved: run K7M2QX approved',
  ApprovalVoided: 'warn run.approval_voided: run K7M2QX stripped of its approval',
  RunDenied: 'info run.denied: run K7M2QX denied',
  DenialExplained: 'info run.denial_explained: run K7M2QX given a reason',
  ApprovalTimedOut: 'info run.expired: run K7M2QX expired',
  RunResumed: 'info run.resumed: run K7M2QX resumed',
  RunCanceled: 'info run.canceled: run K7M2QX canceled',
  RunRecovered: 'info run.recovered: run K7M2QX brought back',
  ExecutionDispatched: 'info dispatch.enqueued: run K7M2QX put into the queue',
  ExecutionStarted: 'debug run.changed: run K7M2QX started',
  ExecutionProgressed: 'debug execution.progressed: run K7M2QX progressed',
  ExecutionRetried: 'warn execution.retry_scheduled: run K7M2QX put back for a retry',
  ExecutionLost: 'warn run.changed: run K7M2QX lost with its worker',
  ExecutionSucceeded: 'info execution.succeeded: run K7M2QX succeeded',
  ExecutionFailed: 'warn execution.failed: run K7M2QX failed',
  RiskFlagged: 'info run.changed: run K7M2QX flagged',
  AiParseUsed: 'info run.changed: run K7M2QX read by a model',
  EventOfTomorrow: 'info run.changed: run K7M2QX EventOfTomorrow',
} as const;

test.each(Object.entries(DID))('%s is told as %s', (event, words) => {
  expect(line({ kind: 'run_changed', runId, ...step, event })).toBe(`${words} by user:telegram:123`);
});

test('nothing stands in the list of events that nobody ever says', () => {
  // One is told by the loops of a worker, see below, and one by the log about itself.
  const elsewhere = ['execution.faulted', 'log.faulted'];
  const said = new Set([...SAID.map(([, words]) => words), ...Object.values(DID)].map(eventOf));
  const unsaid = LOG_EVENTS.filter((event) => !said.has(event) && !elsewhere.includes(event));
  expect(unsaid).toEqual([]);
});

test('a line about a message that went out names its channel, its try and how long it took', () => {
  expect(inWords({ kind: 'outbox_sent', address: 'slack:T1:C1', runId, send })).toMatchObject({
    channel: 'slack',
    span: ['send', send.key, 'slack:T1:C1', 2],
    durationMs: 98,
    actor: 'system:sender',
  });
});

test('a message that a provider lost afterwards has no try of its own', () => {
  const told = inWords({ kind: 'outbox_dead', address: 'sms:+49170', runId, reason: 'undelivered' });
  expect(told).not.toHaveProperty('span');
  expect(told).not.toHaveProperty('durationMs');
  expect(told.channel).toBe('sms');
});

const startedAt = step.at - 31_000;
const ended = { epoch: 2, attempt: 3, startedAt, workerId: 'w1', outcome: 'exit' };

test('the end of an attempt is told with that attempt and its time, not with the one that comes next', () => {
  const told = inWords({
    kind: 'run_changed',
    runId,
    ...step,
    event: 'ExecutionRetried',
    attempt: 4,
    ended,
  });
  expect(told).toMatchObject({ attempt: 3, span: ['attempt', 2, 3], durationMs: 31_000 });
});

test('an attempt whose clock was set back took no time, never less', () => {
  const later = { ...ended, startedAt: step.at + 5000 };
  expect(inWords({ kind: 'run_changed', runId, ...step, ended: later }).durationMs).toBe(0);
});

test.each(['worker-start', 'worker-progress', 'worker-report', 'worker-execute'])(
  'a fault of %s is one of an attempt',
  (loop) => {
    const told = inWords({ kind: 'loop_faulted', loop, runId, error: new Error('x') });
    expect(told).toMatchObject({ event: 'execution.faulted', runId, actor: `system:${loop}` });
  },
);

test.each(['worker-beat', 'worker-claim', 'sender', 'recovery'])('a fault of %s is one of a loop', (loop) => {
  const told = inWords({ kind: 'loop_faulted', loop, error: new Error('x') });
  expect(told).toMatchObject({ event: 'loop.faulted' });
  expect(told).not.toHaveProperty('actor');
});
