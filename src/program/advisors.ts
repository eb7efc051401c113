import { houseAdvisors } from '../ai/house.ts';
import type { CatalogFile } from '../config/catalog-file.ts';
import type { Advisors } from '../core/ports/advisor.ts';

/** Whoever the file wants to be asked. */
export const chosenAdvisors = ({ parse, risk, summary }: CatalogFile['advisors']): Advisors => {
  const { parser, scorer, summarizer } = houseAdvisors;
  return {
    ...(parse === 'house' ? { parser } : {}),
    ...(risk === 'house' ? { scorer } : {}),
    ...(summary === 'house' ? { summarizer } : {}),
  };
};
