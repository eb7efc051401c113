export type ScoreOutcome = 'PASS' | 'FAIL' | 'NOT ENOUGH DATA';

/** `at_least` and `at_most` with the value itself, `below` without it. */
export interface Threshold {
  readonly is: 'at_least' | 'at_most' | 'below';
  readonly value: number;
  readonly unit: '%' | 'min' | 's' | 'min/day' | 'points' | 'count';
}

/** What a line came to. */
export interface Measured {
  /** Absent when there is nothing to compute it from. */
  readonly value?: number;
  readonly samples: number;
  /** What people should know beside the number, first of all what was wrong. */
  readonly why?: string;
}

interface Judged {
  readonly threshold: Threshold;
  readonly samplesMin: number;
  /** One miss decides, so it needs no number of samples. */
  readonly strict: boolean;
}

export const outcomeOf = (
  { threshold, samplesMin, strict }: Judged,
  { value, samples }: Measured,
): ScoreOutcome => {
  if (value === undefined) return 'NOT ENOUGH DATA';
  const holds = within(threshold, value);
  if (strict && !holds) return 'FAIL';
  if (samples < samplesMin) return 'NOT ENOUGH DATA';
  return holds ? 'PASS' : 'FAIL';
};

const within = ({ is, value: bound }: Threshold, value: number): boolean => {
  if (is === 'at_least') return value >= bound;
  return is === 'at_most' ? value <= bound : value < bound;
};
