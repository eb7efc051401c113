/** What `/ops` and `/health` read, in one go. */
export interface OpsFigures {
  readonly ready: number;
  readonly oldestReadyMs?: number;
  readonly later: number;
  readonly running: number;
  readonly stale: readonly {
    readonly runId: string;
    readonly jobKey: string;
    readonly workerId: string;
    readonly sinceMs: number;
  }[];
  readonly waiting: number;
  readonly oldestWaitingMs?: number;
  readonly failedHour: number;
  readonly endedHour: number;
  readonly failedDay: number;
  /** The most frequent failure summary of the hour. */
  readonly commonError?: { readonly summary: string; readonly count: number };
  readonly deadInbox: number;
  readonly deadOutbox: number;
  /** Runs that failed for good and that nobody has dealt with. */
  readonly deadJobs: number;
  readonly openInbox: number;
  readonly openOutbox: number;
  readonly oldestOutboxMs?: number;
  readonly ambiguous: number;
  /** What no worker may claim: `queue`, or `job:KEY`; `off` while the gate of the queue is closed, `frozen`. */
  readonly paused: readonly string[];
  /** Workers and loops whose silence was told and whose place nobody has taken. */
  readonly silent: readonly { readonly name: string; readonly kind: string; readonly sinceMs: number }[];
  /** Absent as long as nothing is asked for by the clock. */
  readonly schedule?: ScheduleFigures;
  readonly workers: readonly {
    readonly workerId: string;
    readonly beatMsAgo: number;
    readonly slots: number;
  }[];
}

export interface ScheduleFigures {
  /** How long the oldest due occurrence has not been dealt with. */
  readonly lateMs: number;
  /** What comes next, with the zone that it was written in. */
  readonly next?: { readonly at: number; readonly timezone: string };
}

/** The figures with what only the running program knows, measured against the present moment. */
export interface OpsReading extends OpsFigures {
  readonly at: number;
  readonly profile: string;
  readonly version: string;
  readonly upMs: number;
  readonly channels: readonly {
    readonly channel: string;
    readonly state: string;
    readonly pollAgeMs?: number;
    readonly reason?: string;
  }[];
}
