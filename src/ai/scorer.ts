import type { IAiRiskScorer, RequestFacts } from '../core/ports/advisor.ts';

/**
 * Three signs, each with a weight of its own. They add up like independent doubts, 1 − ∏(1 − weight), so two that say little
 * alone may say enough together. The built-in demonstration touches nothing, so nothing about it is unusual.
 */
export const houseScorer: IAiRiskScorer = {
  score: async (facts) => {
    const signs = facts.job.kind === 'demo' ? [] : SIGNS.flatMap((sign) => sign(facts) ?? []);
    const calm = signs.reduce((left, { weight }) => left * (1 - weight), 1);
    return { score: 1 - calm, words: signs.map(({ words }) => words).join('; ') };
  },
};

/** Twice a day may be a second try; the third time is asked about, unless that is how it usually goes. */
const AGAIN = { weight: 0.75, from: 3, timesUsual: 2 };
const FAILED = { weightTwice: 0.6, weightMore: 0.75, from: 2 };
/** Weighs only together with something else, and only where enough is known to call an hour unusual. */
const HOUR = { weight: 0.4, requestsMin: 10 };

interface Sign {
  readonly weight: number;
  readonly words: string;
}

const again = ({ history }: RequestFacts): Sign | undefined => {
  const { today, before } = history;
  const nth = today + 1;
  if (nth < AGAIN.from || before.days === 0) return undefined;
  const usual = before.requests / before.days;
  return nth > AGAIN.timesUsual * usual
    ? { weight: AGAIN.weight, words: `${ordinal(nth)} run today` }
    : undefined;
};

const failed = ({ history: { failedInRow } }: RequestFacts): Sign | undefined => {
  if (failedInRow < FAILED.from) return undefined;
  const weight = failedInRow === FAILED.from ? FAILED.weightTwice : FAILED.weightMore;
  return { weight, words: `the last ${failedInRow} runs failed` };
};

const hour = ({ history: { before, nearThisHour } }: RequestFacts): Sign | undefined =>
  before.requests >= HOUR.requestsMin && nearThisHour === 0
    ? { weight: HOUR.weight, words: 'never asked for around this hour' }
    : undefined;

const SIGNS = [again, failed, hour];

const ordinal = (nth: number): string => {
  const word = WORDS[nth - AGAIN.from];
  if (word !== undefined) return word;
  const ending = nth % 100 > 10 && nth % 100 < 14 ? undefined : ENDINGS[(nth % 10) - 1];
  return `${nth}${ending ?? 'th'}`;
};

const WORDS = ['third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const ENDINGS = ['st', 'nd', 'rd'];
