import type { Scorecard, ScoreLine } from '../../scorecard/card.ts';
import type { Threshold } from '../../scorecard/threshold.ts';
import { isoOf } from '../../time/instant.ts';

/** The card as a page of Markdown that ends with the verdict and its reasons. */
export const scorecardMarkdown = ({ since, until, lines, verdict, reasons }: Scorecard): string =>
  [
    '# Scorecard',
    '',
    `From ${isoOf(since)} to ${isoOf(until)}.`,
    '',
    '| line | value | threshold | samples | outcome |',
    '| --- | ---: | ---: | ---: | --- |',
    ...lines.map(rowOf),
    '',
    '## How each line is computed',
    '',
    ...lines.map(howOf),
    '',
    `## Verdict: ${verdict}`,
    '',
    ...(reasons.length === 0 ? ['Every line passed.'] : reasons.map((reason) => `- ${cell(reason)}`)),
    '',
  ].join('\n');

const rowOf = (line: ScoreLine): string => {
  const { title, threshold, samples, samplesMin, samplesOf, outcome } = line;
  return `| ${title} | ${shownValue(line)} | ${bound(threshold)} | ${samples} ${samplesOf} (≥ ${samplesMin}) | ${outcome} |`;
};

/** "98.7 %"; a dash where there was nothing to look at. */
export const shownValue = ({ value, threshold }: Pick<ScoreLine, 'value' | 'threshold'>): string =>
  value === undefined ? '–' : amount(value, threshold);

const howOf = ({ name, title, how, why }: ScoreLine): string =>
  `- **${title}** (\`${name}\`): ${how}${why === undefined ? '' : `. ${cell(why)}`}`;

const SIGNS: Readonly<Record<Threshold['is'], string>> = { at_least: '≥', at_most: '≤', below: '<' };

/** "≥ 99 %". */
export const bound = (threshold: Threshold): string =>
  `${SIGNS[threshold.is]} ${amount(threshold.value, threshold)}`;

/** Rounded towards what does not hold, so that no number looks better than its outcome. */
export const amount = (value: number, { is, unit }: Threshold): string => {
  const rounded = (is === 'at_least' ? Math.floor(value * 100) : Math.ceil(value * 100)) / 100;
  if (unit === 'count' || unit === 'points') return String(rounded);
  return unit === '%' ? `${rounded} %` : `${rounded} ${unit}`;
};

/** A run's words must not become a column of the table, or another line. */
const cell = (words: string): string => words.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
