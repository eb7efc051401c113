import type { JobSpec, Params } from '../core/jobs/job.ts';
import type { Person } from '../core/people/person.ts';

/** What a configuration file says once it is read, checked and filled up with defaults. */
export interface CatalogFile {
  readonly jobs: readonly CatalogJob[];
  readonly schedules: readonly ScheduleSpec[];
  readonly people: readonly Person[];
  /** Where the instance itself reports trouble. */
  readonly ops?: { readonly chat: string };
  /** Who advises; nothing depends on it. */
  readonly advisors: Readonly<Record<'parse' | 'risk' | 'summary', 'off' | 'house'>>;
}

export interface CatalogJob {
  readonly key: string;
  readonly spec: JobSpec;
}

export interface ScheduleSpec {
  readonly key: string;
  readonly jobKey: string;
  readonly cron: string;
  readonly timezone: string;
  /** The conversation that is asked: `telegram:-1001234567890`. */
  readonly chat: string;
  /** Resolved and checked against the job; what is missing is filled from its defaults. */
  readonly params: Params;
  /** Replaces the job's own decide-by. */
  readonly decideByMs?: number;
  /** What to do when the last run of this schedule has not ended yet. */
  readonly overlap: 'skip' | 'queue' | 'allow';
  readonly escalate?: { readonly afterMs: number; readonly to: string };
}
