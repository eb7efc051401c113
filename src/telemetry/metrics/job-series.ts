import { Counter, Histogram, type Registry } from 'prom-client';
import { BUCKETS } from './buckets.ts';

/** More jobs than this, and nobody reads their lines one by one any more: the class of a job takes its place. */
export const JOBS_MAX = 100;

type Series = ReturnType<typeof seriesBy>;

export interface JobSeries {
  /** The label of a job, and the series that it belongs to at present. `heavy` is remembered for when nobody says so. */
  readonly of: (job: string, heavy?: boolean) => { readonly who: Labels; readonly series: Series };
}

type Labels = Readonly<Record<string, string>>;

/**
 * What is counted by job, as long as there are few enough of them; from then on by class. The series then begin anew under
 * the other label, which a monitor takes for a restart.
 */
export const jobSeries = (registry: Registry): JobSeries => {
  const known = new Map<string, string>();
  let by: 'job' | 'class' = 'job';
  let series = seriesBy(registry, by);
  return {
    of: (job, heavy) => {
      if (by === 'job' && !known.has(job) && known.size === JOBS_MAX) {
        by = 'class';
        series = seriesBy(registry, by);
      }
      if (by === 'job' || known.has(job)) known.set(job, classOf(heavy) ?? known.get(job) ?? UNKNOWN);
      const who: Labels = by === 'job' ? { job } : { class: classOf(heavy) ?? known.get(job) ?? UNKNOWN };
      return { who, series };
    },
  };
};

const UNKNOWN = 'unknown';

const classOf = (heavy: boolean | undefined): string | undefined =>
  heavy === undefined ? undefined : heavy ? 'heavy' : 'light';

const seriesBy = (registry: Registry, by: 'job' | 'class') => {
  const counter = (name: string, help: string, label: string) => {
    registry.removeSingleMetric(name);
    return new Counter({ name, help, labelNames: [by, label], registers: [registry] });
  };
  const histogram = (
    name: string,
    help: string,
    buckets: readonly number[],
    ...labels: readonly string[]
  ) => {
    registry.removeSingleMetric(name);
    return new Histogram({
      name,
      help,
      labelNames: [by, ...labels],
      buckets: [...buckets],
      registers: [registry],
    });
  };
  return {
    created: counter('textops_runs_created_total', 'Runs asked for.', 'origin'),
    finished: counter('textops_runs_finished_total', 'Runs that ended, by how.', 'status'),
    approval: histogram(
      'textops_approval_latency_seconds',
      'From the question to the decision.',
      BUCKETS.approval,
      'decision',
    ),
    dispatch: histogram(
      'textops_dispatch_latency_seconds',
      'From the approval, or from start of a heavy run, to the first start of its process.',
      BUCKETS.dispatch,
    ),
    duration: histogram('textops_run_duration_seconds', 'One attempt of a run.', BUCKETS.duration, 'status'),
    attempts: counter('textops_attempts_total', 'Attempts that ended, by how.', 'outcome'),
    triggers: counter(
      'textops_schedule_triggers_total',
      'Moments of schedules that were dealt with, by what came of each.',
      'outcome',
    ),
  };
};
