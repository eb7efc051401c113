import type { SealHead } from '../runs/seal.ts';
import type { Incident, MessageFigures, ScoreWindow, UpFigures } from '../scorecard/readings.ts';
import type { TracedEvent, TracedRow } from '../scorecard/trace.ts';
import type { Instant } from '../time/instant.ts';

/** What a scorecard is made from; every reading has a bound, so a long history costs no more than a short one. */
export interface IScoreReader {
  messages(window: ScoreWindow, limit: number): Promise<MessageFigures>;
  /** Runs that ended in the window, the newest first. */
  ended(window: ScoreWindow, limit: number): Promise<readonly TracedRow[]>;
  /** Runs that have not ended, the newest first. */
  living(limit: number): Promise<readonly TracedRow[]>;
  /** Of jobs that have or had a heavy version: what was asked for in the window, the newest of each job first. */
  ofHeavyJobs(window: ScoreWindow, limit: number): Promise<readonly TracedRow[]>;
  /** All events of these runs, by run and `seq`. */
  eventsOf(runIds: readonly string[]): Promise<readonly TracedEvent[]>;
  /** What seals say about these runs. */
  headsOf(runIds: readonly string[]): Promise<readonly SealHead[]>;
  /** Records of the installation since then, the newest first. */
  records(since: Instant, limit: number): Promise<readonly TracedEvent[]>;
  /** Raised in the window, the newest first. */
  incidents(window: ScoreWindow, limit: number): Promise<readonly Incident[]>;
  /** Whole minutes of the window. */
  up(window: ScoreWindow): Promise<UpFigures>;
  /** How often somebody was refused, by kind, from the hour of `since` on. */
  refusals(window: ScoreWindow): Promise<Readonly<Record<string, number>>>;
}

/** What is wrong with the program, and when it was there; written by whoever watches over it. */
export interface IIncidents {
  open(): Promise<readonly Incident[]>;
  /**
   * Writes down that the program is there at this moment, what begins to be wrong, and what is wrong no more. What is open
   * already is not raised again. What is older than 90 days goes.
   */
  note(p: {
    readonly at: Instant;
    readonly raised: readonly IncidentName[];
    readonly cleared: readonly IncidentName[];
  }): Promise<void>;
}

export type IncidentName = Pick<Incident, 'kind' | 'name'>;
