import type { Instant } from '../time/instant.ts';
import type { RunTrace } from './trace.ts';

/** From `since` on, up to but without `until`. */
export interface ScoreWindow {
  readonly since: Instant;
  readonly until: Instant;
}

/** Something that was wrong; without an end it still is. */
export interface Incident {
  /** `problem`: one of the board. `channel`: its provider did not answer as it should. */
  readonly kind: 'problem' | 'channel';
  readonly name: string;
  readonly raisedAt: Instant;
  readonly clearedAt?: Instant;
}

/** Messages that were accepted in the window. */
export interface MessageFigures {
  /** Without those that may still be answered in time. */
  readonly accepted: number;
  /** Answered in time and at the first try. */
  readonly answered: number;
  /** Answers that were given up on before they arrived. */
  readonly undelivered: number;
  /** There were more; these are the newest. */
  readonly cut: boolean;
}

/** Every minute that somebody was there, and since when that is written down. */
export interface UpFigures {
  readonly first?: Instant;
  readonly minutes: number;
}

/** A record of the installation, as far as anybody is counted by it. */
export interface ScoreRecord {
  readonly type: string;
  readonly at: Instant;
  readonly actor: string;
}

/** What the newest seals are worth; `fault` is the first thing that is wrong with them. */
export interface SealFigures {
  readonly checked: number;
  readonly fault?: string;
}

/** Who was refused, twice: as the log of this machine tells it and as the database counts it. */
export interface RefusalFigures {
  /** Records of any kind; a log without any shows nothing. */
  readonly logRecords: number;
  readonly logged: Readonly<Record<string, number>>;
  readonly counted: Readonly<Record<string, number>>;
}

/** What was tried out beside the program, as it was written down then. */
export interface Evidence {
  readonly invariants?: { readonly total: number; readonly failed: number; readonly at: Instant };
  readonly polls?: { readonly faults: number; readonly recovered: number };
  readonly drills: readonly Drill[];
}

/** The same request several times, and how each of them ended. */
export interface Drill {
  readonly job: string;
  readonly outcomes: readonly string[];
}

/** Everything that a scorecard is made from. */
export interface ScoreReadings {
  readonly window: ScoreWindow;
  readonly messages: MessageFigures;
  /** Runs that ended or live in the window. */
  readonly runs: readonly RunTrace[];
  /** More of them ended; these are the newest. */
  readonly runsCut: boolean;
  /** Of those that were asked for in the window, all that are heavy. */
  readonly heavy: readonly RunTrace[];
  readonly heavyCut: boolean;
  readonly records: readonly ScoreRecord[];
  /** Why the newest records are not what was written. */
  readonly recordsBroken?: string;
  /** Everybody whom a decision may come from. */
  readonly linked: ReadonlySet<string>;
  readonly incidents: readonly Incident[];
  readonly up: UpFigures;
  readonly seals: SealFigures;
  readonly refusals: RefusalFigures;
  readonly evidence: Evidence;
}
