import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BreakerState } from '../../core/ports/observe.ts';
import { BUCKETS } from './buckets.ts';
import { type JobSeries, jobSeries } from './job-series.ts';

/** Everything that this process counts. Labels come from closed lists; never an id, a chat, or words of anybody. */
export interface Meters {
  readonly registry: Registry;
  readonly jobs: JobSeries;
  readonly received: Counter;
  readonly sent: Counter;
  readonly deduplicated: Counter;
  readonly handling: Histogram;
  readonly hits: { of: number; known: number };
  readonly invalid: Counter;
  readonly duplicates: Counter;
  readonly recoveries: Counter;
  readonly attemptsPerRun: Histogram;
  readonly pollErrors: Counter;
  readonly breaker: Gauge;
  readonly query: Histogram;
  readonly requests: Counter;
  readonly faults: Counter;
}

export const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

export const openMeters = (): Meters => {
  const registry = new Registry();
  const { counter, histogram } = makers(registry);
  const hits = { of: 0, known: 0 };
  dedupRatio(registry, hits);
  return {
    registry,
    jobs: jobSeries(registry),
    hits,
    ...messageMeters(registry),
    invalid: counter(
      'textops_invalid_transitions_total',
      'Commands that met a run in a state that does not allow them; they changed nothing.',
      'from',
      'to',
    ),
    duplicates: counter(
      'textops_duplicate_executions_total',
      'Attempts that were started although the history had their start already. Has to stay 0.',
    ),
    recoveries: counter('textops_lease_recoveries_total', 'Leases that ran out and were dealt with.'),
    attemptsPerRun: histogram(
      'textops_attempts_per_run',
      'Attempts that a run had taken when it ended on this worker.',
      BUCKETS.attempts,
      'worker',
    ),
    query: histogram('textops_db_query_seconds', 'One visit to the database.', BUCKETS.query, 'op'),
    requests: counter(
      'textops_http_requests_total',
      'Answered requests; the route is its pattern.',
      'method',
      'route',
      'code',
    ),
    faults: counter('textops_metrics_faults_total', 'Observations that could not be counted.'),
  };
};

/** Memory, event loop and the like. Its watchers live as long as the process. */
export const watchProcess = (registry: Registry): void => {
  collectDefaultMetrics({ register: registry });
  // Gauges with the name of a counter, which every checker of names complains about.
  for (const what of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${what}_total`);
  }
};

const messageMeters = (registry: Registry) => {
  const { counter, histogram } = makers(registry);
  return {
    received: counter(
      'textops_messages_received_total',
      'Messages that came in, by what became of them.',
      'channel',
      'intent',
      'outcome',
    ),
    sent: counter(
      'textops_messages_sent_total',
      'Messages that went out, or failed to.',
      'channel',
      'kind',
      'result',
    ),
    deduplicated: counter(
      'textops_messages_deduplicated_total',
      'Messages that came again and changed nothing.',
      'channel',
    ),
    handling: histogram(
      'textops_message_handling_seconds',
      'From taking up a message to the commit of what it changed.',
      BUCKETS.handling,
      'channel',
      'intent',
    ),
    pollErrors: counter(
      'textops_channel_poll_errors_total',
      'Tries to hear a channel that failed.',
      'channel',
      'reason',
    ),
    breaker: new Gauge({
      name: 'textops_breaker_state',
      help: 'Whether messages go out: 0 closed, they do; 1 half open, the next one decides; 2 open, they wait.',
      labelNames: ['dependency'],
      registers: [registry],
    }),
  };
};

const dedupRatio = (registry: Registry, hits: Meters['hits']): void => {
  const gauge: Gauge = new Gauge({
    name: 'textops_dedup_hit_ratio',
    help: 'Share of the messages since the start of this process that had come before.',
    registers: [registry],
    collect: () => gauge.set(hits.of === 0 ? 0 : hits.known / hits.of),
  });
};

const makers = (registry: Registry) => ({
  counter: (name: string, help: string, ...labelNames: readonly string[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] }),
  histogram: (name: string, help: string, buckets: readonly number[], ...labelNames: readonly string[]) =>
    new Histogram({
      name,
      help,
      buckets: [...buckets],
      labelNames: [...labelNames],
      registers: [registry],
    }),
});
