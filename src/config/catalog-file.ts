import type { JobSpec } from '../core/jobs/job.ts';
import type { Person } from '../core/people/person.ts';
import type { ScheduleSpec } from '../core/schedules/schedule.ts';

/** What a configuration file says once it is read, checked and filled up with defaults. */
export interface CatalogFile {
  readonly jobs: readonly CatalogJob[];
  readonly schedules: readonly ScheduleSpec[];
  readonly people: readonly Person[];
  /** Where the instance itself reports trouble. */
  readonly ops?: OpsFile;
  /** Whether a run is one trace, or each of its phases. */
  readonly traceMode: 'one' | 'linked';
  /** Who advises; nothing depends on it. */
  readonly advisors: Readonly<Record<'parse' | 'risk' | 'summary', 'off' | 'house'>>;
}

export interface OpsFile {
  readonly chat?: string;
  /** Whether seals are told there. */
  readonly seals: boolean;
  /** Who is called every minute as long as all is well. Whoever knows the address can do it in our name. */
  readonly ping?: string;
}

export interface CatalogJob {
  readonly key: string;
  readonly spec: JobSpec;
}
