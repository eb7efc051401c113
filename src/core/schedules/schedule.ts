import type { Params } from '../jobs/job.ts';
import type { Instant } from '../time/instant.ts';

/** When a schedule comes round, in the words of cron and on the wall clock of a zone. */
export interface Timing {
  readonly cron: string;
  readonly timezone: string;
}

/** What is wrong with a timing; `words` say it to whoever wrote it. */
export interface TimingProblem {
  readonly why: 'bad_cron' | 'unknown_timezone' | 'never_fires' | 'too_often';
  readonly words: string;
}

/** What somebody wrote down; everything else about a schedule follows from it and from time. */
export interface ScheduleSpec extends Timing {
  readonly key: string;
  readonly jobKey: string;
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

export interface Schedule {
  readonly spec: ScheduleSpec;
  /** Whose it is: only what did not come from the file can be changed elsewhere. */
  readonly source: ScheduleSource;
  readonly standing: Standing;
  /** Grows with every change of definition or standing. */
  readonly version: number;
  /** The occurrence that was settled last. */
  readonly last?: Settled;
}

export type ScheduleSource = 'file' | 'chat' | 'api';

/** Where a schedule stands: what time and people change, beside its definition. */
export interface Standing {
  /** The next occurrence; absent when none comes: paused, or past its last one. */
  readonly nextAt?: Instant;
  /** The occurrence that somebody put off: it is `nextAt` that it is asked for, and this is when it was due. */
  readonly snoozed?: Instant;
  /** An occurrence that waits until the run before it has ended (`overlap: queue`). */
  readonly waitingFor?: Instant;
  /** As long as it is, none of the above is there. */
  readonly paused?: { readonly by: string; readonly at: Instant };
}

/** One moment of the timetable and what became of it; each has one outcome, for ever. */
export interface Occurrence {
  readonly dueAt: Instant;
  readonly outcome: 'asked' | 'skipped' | 'missed';
  /** The run that was asked for, or that was in the way. */
  readonly runId?: string;
  /** Missed: how many, those before this one included. */
  readonly times?: number;
  /** Skipped: why. */
  readonly because?: string;
}

export interface Settled extends Occurrence {
  /** When it was settled. */
  readonly at: Instant;
}

/** Why an occurrence is asked after its time: nobody was there, the run before had not ended, somebody put it off. */
export type Late = 'away' | 'overlap' | 'snoozed';

/** What a run keeps of the occurrence that asked for it. */
export interface Trigger {
  readonly schedule: string;
  readonly dueAt: Instant;
  /** "every Monday at 08:00 (Europe/Berlin)". */
  readonly words: string;
  readonly timezone: string;
  /** The occurrence after this one, as the timetable stood. */
  readonly nextAt?: Instant;
  readonly late?: Late;
}
