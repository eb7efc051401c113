import type { Advisors } from '../core/ports/advisor.ts';
import { houseReader } from './reader.ts';
import { houseScorer } from './scorer.ts';
import { houseSummarizer } from './summarizer.ts';

/** Advice without a model: rules of thumb that anybody can read, offline and at once. */
export const houseAdvisors: Required<Advisors> = {
  parser: houseReader,
  scorer: houseScorer,
  summarizer: houseSummarizer,
};
