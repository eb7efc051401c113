export type Level = 'ok' | 'degraded' | 'down';

/** What one check of `/health` says. */
export interface Finding {
  /** Another process has the channel, and this one would take over: nothing is wrong with that. */
  readonly status: Level | 'standby';
  readonly [detail: string]: string | number | boolean;
}
