import type { Line } from './rich.ts';

/** As `advisors` of the file names them. */
export type AdvisorName = 'parse' | 'risk' | 'summary';

/** `unusable`: an answer of the wrong shape. All but the first mean that the deterministic way was taken. */
export type AdviceOutcome = 'answered' | 'late' | 'failed' | 'unusable' | 'limited';

export interface AdvisorStatus {
  readonly advisor: AdvisorName;
  readonly on: boolean;
  /** Since the process began. */
  readonly outcomes: Readonly<Record<AdviceOutcome, number>>;
  /** Questions that may still be asked in this minute. */
  readonly left: number;
}

/** `ops ai`: whether advisors help, and what was done without them. */
export const advisorLines = (advisors: readonly AdvisorStatus[]): readonly Line[] => [
  ['Advisors of this process, since it began. Everything else works without them.'],
  ...advisors.map((each): Line => [advisorWords(each)]),
];

const advisorWords = ({ advisor, on, outcomes, left }: AdvisorStatus): string => {
  const missed = Object.entries(outcomes).filter(([outcome, count]) => outcome !== 'answered' && count > 0);
  const counts = [['answered', outcomes.answered] as const, ...missed];
  const words = counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const room = left === 0 ? 'cap reached' : `${left} left this minute`;
  return `${advisor.padEnd(NAME_WIDTH)}  ${on ? `on   ${words} · ${room}` : `off  ${words}`}`;
};

const NAME_WIDTH = 'summary'.length;
