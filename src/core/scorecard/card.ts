import type { Instant } from '../time/instant.ts';
import { LINES } from './lines.ts';
import type { ScoreReadings } from './readings.ts';
import { type Measured, outcomeOf, type ScoreOutcome, type Threshold } from './threshold.ts';

/** One line of the gate, with all that somebody needs to judge it without asking anybody. */
export interface ScoreLine extends Measured {
  readonly name: string;
  readonly title: string;
  readonly threshold: Threshold;
  /** What counts as one sample, and how many it takes. */
  readonly samplesOf: string;
  readonly samplesMin: number;
  readonly outcome: ScoreOutcome;
  /** How it was computed. */
  readonly how: string;
}

export interface Scorecard {
  readonly since: Instant;
  readonly until: Instant;
  readonly lines: readonly ScoreLine[];
  readonly verdict: ScoreOutcome;
  /** The lines that did not pass, each with its reason. */
  readonly reasons: readonly string[];
}

/** The gate over one window. Too little data is never a pass, of a line or of the whole. */
export const scorecard = (readings: ScoreReadings): Scorecard => {
  const lines = LINES.map(({ measure, strict, ...line }): ScoreLine => {
    const measured = measure(readings);
    const outcome = outcomeOf({ ...line, strict: strict === true }, measured);
    return { ...line, ...measured, outcome };
  });
  return {
    since: readings.window.since,
    until: readings.window.until,
    lines,
    verdict: verdictOf(lines),
    reasons: lines.filter(({ outcome }) => outcome !== 'PASS').map(reasonOf),
  };
};

const verdictOf = (lines: readonly ScoreLine[]): ScoreOutcome => {
  if (lines.some(({ outcome }) => outcome === 'FAIL')) return 'FAIL';
  return lines.every(({ outcome }) => outcome === 'PASS') ? 'PASS' : 'NOT ENOUGH DATA';
};

const reasonOf = ({ name, outcome, why, samples, samplesMin, samplesOf }: ScoreLine): string => {
  const few = `${samples} of at least ${samplesMin} ${samplesOf}`;
  return `${name}: ${outcome}: ${outcome === 'FAIL' ? (why ?? 'beyond the threshold') : few}`;
};
