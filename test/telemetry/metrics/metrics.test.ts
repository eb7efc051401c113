import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { JOBS_MAX } from '../../../src/telemetry/metrics/job-series.ts';
import { openMetrics } from '../../../src/telemetry/metrics/metrics.ts';
import { NO_PROMTOOL, promtool } from '../../deploy/promtool.ts';
import { everything, figures, noon, sources, story } from './everything.ts';
import { faultsOf, parseExposition, type Sample } from './exposition.ts';

const all = await everything();

const samplesOf = (text: string): readonly Sample[] =>
  parseExposition(text).flatMap(({ samples }) => samples);

/** The value of one series; undefined when there is none. */
const valueIn =
  (text: string) =>
  (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    samplesOf(text).find(
      (sample) =>
        sample.name === name &&
        Object.keys(sample.labels).length === Object.keys(labels).length &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value;

const value = valueIn(all);

const BUILD = ['version', 'commit', 'config_hash', 'node'];

/** Written down by hand: names, types and labels are a contract with every monitor out there. */
const CONTRACT: Readonly<Record<string, readonly [type: string, ...labels: string[]]>> = {
  textops_build_info: ['gauge', ...BUILD],
  textops_messages_received_total: ['counter', 'channel', 'intent', 'outcome'],
  textops_messages_sent_total: ['counter', 'channel', 'kind', 'result'],
  textops_messages_deduplicated_total: ['counter', 'channel'],
  textops_message_handling_seconds: ['histogram', 'channel', 'intent'],
  textops_runs_created_total: ['counter', 'job', 'origin'],
  textops_runs_finished_total: ['counter', 'job', 'status'],
  textops_runs: ['gauge', 'status'],
  textops_runs_stale: ['gauge'],
  textops_invalid_transitions_total: ['counter', 'from', 'to'],
  textops_duplicate_executions_total: ['counter'],
  textops_approval_latency_seconds: ['histogram', 'job', 'decision'],
  textops_dispatch_latency_seconds: ['histogram', 'job'],
  textops_run_duration_seconds: ['histogram', 'job', 'status'],
  textops_attempts_total: ['counter', 'job', 'outcome'],
  textops_attempts_per_run: ['histogram', 'worker'],
  textops_queue_depth: ['gauge', 'queue', 'state'],
  textops_queue_oldest_ready_seconds: ['gauge', 'queue'],
  textops_dead_letters: ['gauge'],
  textops_worker_heartbeat_timestamp_seconds: ['gauge', 'worker'],
  textops_worker_slots: ['gauge', 'worker', 'state'],
  textops_lease_recoveries_total: ['counter'],
  textops_scheduler_lag_seconds: ['gauge'],
  textops_schedule_triggers_total: ['counter', 'job', 'outcome'],
  textops_channel_up: ['gauge', 'channel'],
  textops_channel_poll_errors_total: ['counter', 'channel', 'reason'],
  textops_outbox_oldest_seconds: ['gauge', 'channel'],
  textops_backup_last_success_timestamp_seconds: ['gauge'],
  textops_db_query_seconds: ['histogram', 'op'],
  textops_http_requests_total: ['counter', 'method', 'route', 'code'],
  textops_dedup_hit_ratio: ['gauge'],
  textops_breaker_state: ['gauge', 'dependency'],
  textops_metrics_faults_total: ['counter'],
};

const EDGES: Readonly<Record<string, string>> = {
  textops_message_handling_seconds: '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5',
  textops_approval_latency_seconds: '5 15 30 60 90 120 300 900 1800 3600 14400 86400',
  textops_dispatch_latency_seconds: '0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 90 300',
  textops_run_duration_seconds: '0.1 0.5 1 5 15 30 60 120 300 600 1800 3600 7200',
  textops_db_query_seconds: '0.0005 0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1',
  textops_attempts_per_run: '1 2 3 5 8 13',
};

describe('what /metrics says', () => {
  test('has the form and the names that Prometheus wants', () => {
    expect(faultsOf(all)).toEqual([]);
  });

  test('passes promtool, where there is one', ({ skip }) => {
    const said = promtool(['check', 'metrics'], { input: all });
    skip(said === undefined, NO_PROMTOOL);
    expect(said).toEqual({ code: 0, text: '' });
  });

  test('has exactly the metrics of the contract, each with its type and labels, and each has a figure', () => {
    const own = parseExposition(all).filter(({ name }) => name.startsWith('textops_'));
    const found = own.map(({ name, type, samples }) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      labels.delete('le');
      return [name, [type, ...labels]];
    });
    expect(Object.fromEntries(found)).toEqual(CONTRACT);
    expect(own.filter(({ samples }) => samples.length === 0)).toEqual([]);
  });

  test.each(Object.entries(EDGES))('%s has every limit as an edge', (name, edges) => {
    const found = samplesOf(all).flatMap((sample) =>
      sample.name === `${name}_bucket` ? [sample.labels['le'] ?? ''] : [],
    );
    expect([...new Set(found)].filter((edge) => edge !== '+Inf').join(' ')).toBe(edges);
  });

  test('tells of the process itself', () => {
    const names = parseExposition(all).map(({ name }) => name);
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(names).toContain('process_resident_memory_bytes');
    expect(names.filter((name) => name.startsWith('nodejs_active_') && name.endsWith('_total'))).toEqual([]);
  });

  test('never names a run, an account, a chat or an error', () => {
    expect(all).not.toMatch(/K7M2QX|telegram:1|user:|T1:C1|already_voted|no schema|the token was refused/);
  });
});

const job = 'backup';
const channel = 'telegram';

describe('what happened is counted', () => {
  test.each([
    ['textops_messages_received_total', { channel, intent: 'RunJob', outcome: 'accepted' }, 1],
    ['textops_messages_received_total', { channel, intent: 'Unknown', outcome: 'unknown' }, 1],
    ['textops_messages_received_total', { channel, intent: 'ApproveRun', outcome: 'forbidden' }, 1],
    ['textops_messages_received_total', { channel, intent: 'none', outcome: 'duplicate' }, 1],
    // One was given up and one could not be read; a try that is followed by another is neither.
    ['textops_messages_received_total', { channel, intent: 'none', outcome: 'error' }, 2],
    ['textops_messages_deduplicated_total', { channel }, 1],
    ['textops_dedup_hit_ratio', {}, 0.25],
    ['textops_message_handling_seconds_count', { channel, intent: 'RunJob' }, 1],
    ['textops_message_handling_seconds_sum', { channel, intent: 'RunJob' }, 0.012],
    ['textops_messages_sent_total', { channel, kind: 'card', result: 'sent' }, 1],
    ['textops_messages_sent_total', { channel, kind: 'card', result: 'retry' }, 1],
    ['textops_messages_sent_total', { channel, kind: 'note', result: 'ambiguous' }, 1],
    ['textops_messages_sent_total', { channel: 'slack', kind: 'note', result: 'dead' }, 1],
    ['textops_runs_created_total', { job, origin: 'chat' }, 1],
    ['textops_runs_created_total', { job, origin: 'schedule' }, 1],
    ['textops_runs_created_total', { job, origin: 'api' }, 1],
    ['textops_runs_created_total', { job, origin: 'web' }, 1],
    ['textops_runs_created_total', { job, origin: 'system' }, 1],
    ['textops_runs_finished_total', { job, status: 'succeeded' }, 1],
    ['textops_runs_finished_total', { job, status: 'failed' }, 2],
    // The reason that is given afterwards does not end it once more.
    ['textops_runs_finished_total', { job, status: 'denied' }, 1],
    ['textops_runs_finished_total', { job, status: 'expired' }, 1],
    ['textops_runs_finished_total', { job, status: 'canceled' }, 1],
    ['textops_approval_latency_seconds_sum', { job, decision: 'approved' }, 38],
    ['textops_approval_latency_seconds_sum', { job, decision: 'denied' }, 100],
    ['textops_dispatch_latency_seconds_count', { job }, 1],
    ['textops_dispatch_latency_seconds_sum', { job }, 0.41],
    ['textops_run_duration_seconds_sum', { job, status: 'failed' }, 12],
    ['textops_run_duration_seconds_sum', { job, status: 'succeeded' }, 31.2],
    ['textops_run_duration_seconds_sum', { job, status: 'canceled' }, 0.7],
    ['textops_attempts_total', { job, outcome: 'ok' }, 1],
    ['textops_attempts_total', { job, outcome: 'retryable' }, 1],
    ['textops_attempts_total', { job, outcome: 'permanent' }, 1],
    ['textops_attempts_total', { job, outcome: 'timeout' }, 1],
    ['textops_attempts_total', { job, outcome: 'lease_lost' }, 1],
    ['textops_attempts_total', { job, outcome: 'interrupted' }, 1],
    ['textops_attempts_total', { job, outcome: 'canceled' }, 1],
    // One run took three attempts, one took one; whoever gave up a lost one is no worker.
    ['textops_attempts_per_run_count', { worker: 'w1' }, 2],
    ['textops_attempts_per_run_sum', { worker: 'w1' }, 4],
    ['textops_attempts_per_run_bucket', { worker: 'w1', le: '2' }, 1],
    ['textops_invalid_transitions_total', { from: 'Denied', to: 'Approved' }, 1],
    ['textops_duplicate_executions_total', {}, 1],
    ['textops_lease_recoveries_total', {}, 1],
    ['textops_schedule_triggers_total', { job, outcome: 'fired' }, 1],
    ['textops_schedule_triggers_total', { job, outcome: 'late' }, 1],
    ['textops_schedule_triggers_total', { job, outcome: 'skipped_overlap' }, 1],
    ['textops_schedule_triggers_total', { job, outcome: 'skipped' }, 1],
    ['textops_schedule_triggers_total', { job, outcome: 'missed' }, 3],
    ['textops_channel_poll_errors_total', { channel, reason: 'conflict_409' }, 1],
    ['textops_breaker_state', { dependency: 'telegram' }, 2],
    ['textops_breaker_state', { dependency: 'slack' }, 0],
    ['textops_db_query_seconds_sum', { op: 'read' }, 0.0015],
    ['textops_http_requests_total', { method: 'GET', route: '/runs/:id', code: '200' }, 1],
    ['textops_metrics_faults_total', {}, 0],
  ] as const)('%s %j is %d', (name, labels, expected) => {
    expect(value(name, labels)).toBeCloseTo(expected, 9);
  });

  test.each([
    ['half_open', 1],
    ['closed', 0],
  ] as const)('a breaker that is %s is %d', async (state, expected) => {
    const metrics = openMetrics();
    metrics.sees({ kind: 'breaker_turned', dependency: 'telegram', state: 'open' });
    metrics.sees({ kind: 'breaker_turned', dependency: 'telegram', state });
    const now = valueIn(await metrics.reads(sources())());
    expect(now('textops_breaker_state', { dependency: 'telegram' })).toBe(expected);
  });

  test('an observation that cannot be counted is counted as that, and whoever made it hears nothing', async () => {
    const metrics = openMetrics();
    // A duration that is no number is what a broken clock would bring.
    const broken = { kind: 'message_handled', channel: 'dev', intent: 'RunJob', tookMs: 'soon' };
    metrics.sees(broken as unknown as Observation);
    metrics.sees({ kind: 'stopped', what: 'nobody counts this' });
    expect(valueIn(await metrics.reads(sources())())('textops_metrics_faults_total')).toBe(1);
  });

  test('jobs that are known begin at zero, so that the first failure is an increase', async () => {
    const metrics = openMetrics();
    metrics.knows([{ key: 'report', heavy: true }]);
    const now = valueIn(await metrics.reads(sources())());
    expect(now('textops_runs_finished_total', { job: 'report', status: 'failed' })).toBe(0);
  });
});

describe('what is so at present', () => {
  test.each([
    [
      'textops_build_info',
      { version: '1.2.0', commit: 'a1b2c3d4e5f6', config_hash: '9f31c0a1b2c3', node: '24.21.0' },
      1,
    ],
    ['textops_runs', { status: 'AwaitingApproval' }, 4],
    ['textops_runs', { status: 'Approved' }, 0],
    ['textops_runs_stale', {}, 1],
    ['textops_queue_depth', { queue: 'default', state: 'ready' }, 3],
    ['textops_queue_depth', { queue: 'default', state: 'later' }, 2],
    ['textops_queue_depth', { queue: 'default', state: 'running' }, 1],
    ['textops_queue_depth', { queue: 'inbox', state: 'ready' }, 5],
    ['textops_queue_depth', { queue: 'outbox', state: 'ready' }, 6],
    ['textops_queue_oldest_ready_seconds', { queue: 'default' }, 4.5],
    ['textops_dead_letters', {}, 6],
    ['textops_worker_heartbeat_timestamp_seconds', { worker: 'w1' }, noon / 1000 - 2],
    // It has claimed one more than it can work on.
    ['textops_worker_slots', { worker: 'w1', state: 'busy' }, 4],
    ['textops_worker_slots', { worker: 'w1', state: 'free' }, 0],
    ['textops_worker_slots', { worker: 'w2', state: 'free' }, 2],
    ['textops_scheduler_lag_seconds', {}, 7.25],
    ['textops_outbox_oldest_seconds', { channel: 'telegram' }, 12],
    ['textops_channel_up', { channel: 'telegram' }, 1],
    ['textops_channel_up', { channel: 'slack' }, 0],
    ['textops_backup_last_success_timestamp_seconds', {}, noon / 1000 - 32_400],
  ] as const)('%s %j is %d', (name, labels, expected) => {
    expect(value(name, labels)).toBe(expected);
  });

  test('whoever stands by says nothing about a channel', () => {
    expect(value('textops_channel_up', { channel: 'sms' })).toBeUndefined();
  });

  const FROM_DATABASE = [
    'textops_runs',
    'textops_queue_depth',
    'textops_worker_heartbeat_timestamp_seconds',
    'textops_scheduler_lag_seconds',
    'textops_dead_letters',
  ];

  test.each([
    ['fails', () => Promise.reject(new Error('gone'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('a query that %s takes its metrics away; what was counted stays', async (_how, loads) => {
    const metrics = openMetrics();
    for (const observation of story) metrics.sees(observation);
    const names = parseExposition(await metrics.reads(sources({ loads }))()).map(({ name }) => name);
    expect(names.filter((name) => FROM_DATABASE.includes(name))).toEqual([]);
    expect(names).toContain('textops_runs_finished_total');
    expect(names).toContain('textops_channel_up');
  });

  test('the database is asked every two seconds at most, and the last number is never told for a new one', async () => {
    let asked = 0;
    let nowMs = 0;
    const loads = (): ReturnType<ReturnType<typeof sources>['loads']> => {
      asked += 1;
      return asked === 1
        ? Promise.resolve({ at: noon, figures })
        : Promise.reject(new Error('the database is gone'));
    };
    const read = openMetrics().reads(sources({ loads }), () => nowMs);
    await Promise.all([read(), read(), read()]);
    nowMs = 1999;
    expect(valueIn(await read())('textops_dead_letters')).toBe(6);
    expect(asked).toBe(1);
    nowMs = 2000;
    expect(valueIn(await read())('textops_dead_letters')).toBeUndefined();
    expect(asked).toBe(2);
  });

  test('a backup that nobody made has no date', async () => {
    const text = await openMetrics().reads(sources({ backupAt: () => Promise.resolve(undefined) }))();
    expect(text).not.toContain('textops_backup_last_success_timestamp_seconds');
    const failing = sources({ backupAt: () => Promise.reject(new Error('no such folder')) });
    expect(await openMetrics().reads(failing)()).not.toContain('textops_backup_last_success');
  });
});

describe('many jobs', () => {
  const created = (jobKey: string, heavy: boolean): Observation => ({
    kind: 'run_changed',
    runId: 'K7M2QX',
    jobKey,
    status: 'Created',
    event: 'RunCreated',
    actor: 'user:dev:ana',
    heavy,
    at: noon,
    epoch: 1,
    first: 1,
    channel: 'dev',
  });

  test('are told one by one up to a hundred, and by class from then on', async () => {
    const metrics = openMetrics();
    for (let at = 0; at < JOBS_MAX; at += 1) metrics.sees(created(`job-${at}`, at % 2 === 0));
    const read = metrics.reads(sources());
    expect(valueIn(await read())('textops_runs_created_total', { job: 'job-0', origin: 'chat' })).toBe(1);
    metrics.sees(created('one-too-many', true));
    metrics.sees(created('job-1', false));
    // Of a schedule nobody says which class its job is; it was seen before.
    metrics.sees({ kind: 'schedule_missed', schedule: 's', jobKey: 'job-0', times: 1 });
    metrics.sees({ kind: 'schedule_missed', schedule: 's', jobKey: 'never-seen', times: 1 });
    const text = await read();
    const now = valueIn(text);
    expect(now('textops_runs_created_total', { class: 'heavy', origin: 'chat' })).toBe(1);
    expect(now('textops_runs_created_total', { class: 'light', origin: 'chat' })).toBe(1);
    expect(now('textops_schedule_triggers_total', { class: 'heavy', outcome: 'missed' })).toBe(1);
    expect(now('textops_schedule_triggers_total', { class: 'unknown', outcome: 'missed' })).toBe(1);
    expect(samplesOf(text).filter(({ labels }) => 'job' in labels)).toEqual([]);
    expect(faultsOf(text)).toEqual([]);
  });
});
