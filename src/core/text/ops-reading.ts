/** What `/ops` shows, already measured against the present moment. All ages in milliseconds. */
export interface OpsReading {
  readonly at: number;
  readonly profile: string;
  readonly version: string;
  readonly upMs: number;
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
  readonly commonError?: { readonly summary: string; readonly count: number };
  readonly deadInbox: number;
  readonly deadOutbox: number;
  readonly openInbox: number;
  readonly openOutbox: number;
  readonly oldestOutboxMs?: number;
  readonly workers: readonly {
    readonly workerId: string;
    readonly beatMsAgo: number;
    readonly slots: number;
  }[];
  readonly channels: readonly {
    readonly channel: string;
    readonly state: string;
    readonly pollAgeMs?: number;
    readonly reason?: string;
  }[];
}
