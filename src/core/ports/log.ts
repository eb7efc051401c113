import type { Instant } from '../time/instant.ts';

/** A line of the program's own log, as people read it. */
export interface LogLine {
  readonly at: Instant;
  readonly level: string;
  readonly runId?: string;
  /** From a closed list, with dots. */
  readonly event: string;
  /** One line, without secrets. */
  readonly words: string;
}

/** The log of the process that answers; what others write elsewhere is not in it. */
export interface ILogReader {
  /** The newest lines, of one run when it is named, of one level and the graver ones; oldest first. */
  newest(p: {
    readonly count: number;
    readonly runId?: string;
    readonly level?: 'info' | 'warn' | 'error';
  }): Promise<readonly LogLine[]>;
}
