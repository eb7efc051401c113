import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { JOBS_MAX } from '../../../src/telemetry/metrics/job-series.ts';
import { openMetrics } from '../../../src/telemetry/metrics/metrics.ts';
import { seeded, shuffled } from '../../seeded.ts';
import { figures, noon, sources, story } from './everything.ts';
import { faultsOf, parseExposition, type Sample } from './exposition.ts';

const samplesOf = async (observations: readonly Observation[]): Promise<readonly Sample[]> => {
  const metrics = openMetrics();
  for (const observation of observations) metrics.sees(observation);
  const text = await metrics.reads(sources())();
  expect(faultsOf(text)).toEqual([]);
  return parseExposition(text).flatMap(({ samples }) => samples);
};

const keyOf = (labels: Sample['labels']): string =>
  JSON.stringify(
    Object.keys(labels)
      .toSorted()
      .map((name) => [name, labels[name]]),
  );

/** The figures by name and labels; sums only as exactly as they are added up. */
const asFigures = (samples: readonly Sample[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    samples
      .map(({ name, labels, value }) => [`${name} ${keyOf(labels)}`, Number(value.toFixed(6))] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);

/** What is counted; a state is what was told of it last. */
const counted = story.filter(({ kind }) => kind !== 'breaker_turned');

describe('counting', () => {
  test.each([1, 2, 3, 4])('comes to the same in whichever order things happen (%i)', async (seed) => {
    const inOrder = asFigures(await samplesOf(counted));
    expect(asFigures(await samplesOf(shuffled(counted, seeded(seed))))).toEqual(inOrder);
  });

  test('of two processes adds up to that of one', async () => {
    const isCount = ([series]: readonly [string, number]): boolean =>
      /_(?:total|count|sum|bucket) /.test(series);
    const whole = Object.entries(asFigures(await samplesOf(counted))).filter(isCount);
    const halves = await Promise.all(
      [0, 1].map(async (half) => asFigures(await samplesOf(counted.filter((_, at) => at % 2 === half)))),
    );
    for (const [series, value] of whole) {
      const parts = halves.reduce((sum, half) => sum + (half[series] ?? 0), 0);
      expect([series, parts]).toEqual([series, expect.closeTo(value, 6)]);
    }
  });

  test('the same again is twice as much, a state excepted', async () => {
    const twice = await samplesOf([...story, ...story]);
    const once = await samplesOf(story);
    for (const name of [
      'textops_messages_received_total',
      'textops_runs_finished_total',
      'textops_attempts_total',
    ]) {
      expect(sumOf(once, name)).toBeGreaterThan(0);
      expect(sumOf(twice, name)).toBe(2 * sumOf(once, name));
    }
    expect(sumOf(twice, 'textops_breaker_state')).toBe(sumOf(once, 'textops_breaker_state'));
  });
});

const changed = (more: Partial<Extract<Observation, { kind: 'run_changed' }>>): Observation => ({
  kind: 'run_changed',
  runId: 'K7M2QX',
  jobKey: 'backup',
  status: 'Running',
  event: 'ExecutionProgressed',
  actor: 'worker:w1',
  heavy: false,
  at: noon,
  epoch: 1,
  first: 4,
  channel: 'telegram',
  ...more,
});

describe('the events of a run', () => {
  /** Those that are no end, no beginning and no decision count nothing at all. */
  test.each([
    'ApprovalRequested',
    'PreviewRecorded',
    'ApprovalReminded',
    'ApprovalEscalated',
    'ApprovalRecorded',
    'ApprovalVoided',
    'DenialExplained',
    'RunRecovered',
    'RunResumed',
    'ExecutionDispatched',
    'ExecutionStarted',
    'ExecutionProgressed',
    'RiskFlagged',
    'EventOfTomorrow',
  ])('%s ends, begins and decides nothing', async (event) => {
    const samples = await samplesOf([changed({ event, waitedMs: 5000 })]);
    for (const name of [
      'textops_runs_created_total',
      'textops_runs_finished_total',
      'textops_approval_latency_seconds_count',
      'textops_attempts_total',
      'textops_schedule_triggers_total',
    ]) {
      expect([name, sumOf(samples, name)]).toEqual([name, 0]);
    }
  });

  test.each([
    ['RunApproved', 'approved'],
    ['RunDenied', 'denied'],
  ])('%s without anybody who waited says nothing about waiting', async (event, decision) => {
    const samples = await samplesOf([changed({ event })]);
    expect(sumOf(samples, 'textops_approval_latency_seconds_count', { decision })).toBe(0);
  });

  test.each([
    ['schedule:nightly', undefined, 'schedule'],
    // The clock asked, through whichever channel the answer goes.
    ['schedule:nightly', 'http', 'schedule'],
    ['user:http:ci', 'http', 'api'],
    ['user:web:ana', 'web', 'web'],
    ['user:telegram:1', 'telegram', 'chat'],
    ['user:dev:ana', undefined, 'chat'],
  ])('asked for by %s through %s is of %s', async (actor, channel, origin) => {
    const { channel: _, ...rest } = changed({ event: 'RunCreated', actor }) as Extract<
      Observation,
      { kind: 'run_changed' }
    >;
    const samples = await samplesOf([channel === undefined ? rest : { ...rest, channel }]);
    expect(sumOf(samples, 'textops_runs_created_total', { origin })).toBe(1);
    expect(sumOf(samples, 'textops_runs_created_total')).toBe(1);
  });

  test('a run that was canceled while it ran is one attempt of the worker, not a second one of the history', async () => {
    const ended = { epoch: 1, attempt: 1, startedAt: noon, workerId: 'w1', outcome: 'canceled' };
    const samples = await samplesOf([
      changed({ event: 'RunCanceled', status: 'Canceled', ended }),
      {
        kind: 'attempt_ended',
        runId: 'K7M2QX',
        jobKey: 'backup',
        epoch: 1,
        attempt: 1,
        workerId: 'w1',
        outcome: 'canceled',
        tookMs: 700,
      },
    ]);
    expect(sumOf(samples, 'textops_attempts_total')).toBe(1);
    expect(sumOf(samples, 'textops_runs_finished_total', { status: 'canceled' })).toBe(1);
  });

  test('a reason that nobody foresaw is a failed attempt', async () => {
    const attempt = { runId: 'K7M2QX', jobKey: 'backup', epoch: 1, attempt: 1, workerId: 'w1' };
    const samples = await samplesOf([
      { kind: 'attempt_ended', ...attempt, outcome: 'of_tomorrow', tookMs: 1 },
    ]);
    expect(sumOf(samples, 'textops_run_duration_seconds_count', { status: 'failed' })).toBe(1);
  });
});

describe('a command that was refused', () => {
  test.each([
    ['request', 'Created'],
    ['approve', 'Approved'],
    ['deny', 'Denied'],
    ['explain', 'Denied'],
    ['resume', 'Dispatching'],
    ['cancel', 'Canceled'],
    ['recover', 'AwaitingApproval'],
    ['expire', 'Expired'],
    ['start', 'Running'],
    ['progress', 'Running'],
    ['finish', 'Succeeded'],
    ['lose', 'AwaitingApproval'],
    ['command-of-tomorrow', 'other'],
  ])('%s would have led to %s', async (command, to) => {
    const refused = { kind: 'transition_rejected', runId: 'K7M2QX', command, actor: 'user:t:1' } as const;
    const samples = await samplesOf([{ ...refused, why: 'unknown_run' }]);
    expect(sumOf(samples, 'textops_invalid_transitions_total', { from: 'absent', to })).toBe(1);
  });
});

describe('words of others in labels', () => {
  const hostile = 'a"b\\c\nd}e,f="g" 1\n# TYPE x counter ü';

  test('stay in their quotes', async () => {
    const samples = await samplesOf([
      changed({ event: 'RunCreated', jobKey: hostile }),
      { kind: 'message_duplicate', channel: hostile },
      { kind: 'outbox_dead', address: `${hostile}:1`, reason: 'x' },
    ]);
    const escaped = hostile.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
    expect(sumOf(samples, 'textops_runs_created_total', { job: escaped })).toBe(1);
    expect(sumOf(samples, 'textops_messages_deduplicated_total', { channel: escaped })).toBe(1);
    expect(sumOf(samples, 'textops_messages_sent_total', { channel: escaped, kind: 'note' })).toBe(1);
  });

  test.each(['__proto__', 'constructor', ''])('%j is a job like others', async (jobKey) => {
    const samples = await samplesOf([
      changed({ event: 'RunCreated', jobKey }),
      changed({ event: 'RunCreated', jobKey: 'backup' }),
    ]);
    expect(sumOf(samples, 'textops_runs_created_total', { job: jobKey })).toBe(1);
  });
});

describe('jobs that are known', () => {
  const jobs = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ key: `job-${n}`, heavy: n % 2 === 0 }));

  test.each([
    [JOBS_MAX, 'job', JOBS_MAX * 5],
    [JOBS_MAX + 1, 'class', 5],
    [JOBS_MAX + 2, 'class', 10],
  ] as const)('%i of them begin at zero by %s', async (count, label, series) => {
    const metrics = openMetrics();
    metrics.knows(jobs(count));
    const all = parseExposition(await metrics.reads(sources())()).flatMap(({ samples }) => samples);
    const finished = all.filter(({ name }) => name === 'textops_runs_finished_total');
    expect(finished).toHaveLength(series);
    expect(finished.filter(({ labels, value }) => !(label in labels) || value !== 0)).toEqual([]);
  });

  test('a catalog that is read again takes no figure back', async () => {
    const metrics = openMetrics();
    metrics.knows(jobs(3));
    metrics.sees(changed({ event: 'ExecutionFailed', status: 'Failed', jobKey: 'job-1' }));
    metrics.knows(jobs(3));
    const all = parseExposition(await metrics.reads(sources())()).flatMap(({ samples }) => samples);
    expect(sumOf(all, 'textops_runs_finished_total', { job: 'job-1', status: 'failed' })).toBe(1);
  });
});

describe('what the database says', () => {
  const saying = async (more: Partial<typeof figures>): Promise<readonly Sample[]> => {
    const loads = { at: noon, figures: { ...figures, ...more } };
    const text = await openMetrics().reads(sources({ loads: () => Promise.resolve(loads) }))();
    expect(faultsOf(text)).toEqual([]);
    return parseExposition(text).flatMap(({ samples }) => samples);
  };

  test('an empty house has zeros where a sum is asked, and no series where nobody is', async () => {
    const samples = await saying({ live: [], stale: [], workers: [], busy: [], unsent: [], ready: 0 });
    expect(samples.filter(({ name }) => name === 'textops_runs').map(({ value }) => value)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(sumOf(samples, 'textops_runs_stale')).toBe(0);
    for (const name of ['textops_worker_slots', 'textops_outbox_oldest_seconds']) {
      expect(samples.filter((sample) => sample.name === name)).toEqual([]);
    }
  });

  test('no schedule is late and nothing is ready: both wait for no time', async () => {
    const { schedule: _, oldestReadyMs: _oldest, ...rest } = figures;
    const loads = { at: noon, figures: rest };
    const text = await openMetrics().reads(sources({ loads: () => Promise.resolve(loads) }))();
    const samples = parseExposition(text).flatMap(({ samples: all }) => all);
    expect(sumOf(samples, 'textops_scheduler_lag_seconds')).toBe(0);
    expect(sumOf(samples, 'textops_queue_oldest_ready_seconds')).toBe(0);
  });

  test.each([0, 1, 3, 4, 5, 9])(
    '%i claims of a worker with 4 slots are never more than its slots',
    async (held) => {
      const samples = await saying({
        workers: [{ workerId: 'w"1', beatMsAgo: 0, slots: 4 }],
        busy: [{ workerId: 'w"1', count: held }],
      });
      const slots = samples.filter(({ name }) => name === 'textops_worker_slots');
      expect(slots.map(({ value }) => value)).toEqual([Math.min(held, 4), 4 - Math.min(held, 4)]);
    },
  );

  test('runs in a state that has ended are none of those that live', async () => {
    const samples = await saying({ live: [{ status: 'Running', count: 2 }] });
    expect(sumOf(samples, 'textops_runs')).toBe(2);
    expect(sumOf(samples, 'textops_runs', { status: 'Running' })).toBe(2);
  });
});
