import { machineWords, table } from '../report.ts';
import type { Column } from './metric.ts';
import type { Result, Row } from './results.ts';

/** One metric as a chapter: its table, when and where it was measured, and what has to be known to read it. */
export const chapter = (name: string, result: Result): string => {
  const { title, columns, rows, rounds, notes } = result;
  const head = ['', ...columns.map((column) => column.title)];
  const command = `\`npm run bench:queue -- --only ${name}\` · ${machineWords(result)} · ${rounds === 1 ? 'one round' : `${rounds} rounds`}`;
  return [
    `### ${title}`,
    command,
    table(
      head,
      rows.map((row) => [row.name, ...cellsOf(columns, row)]),
    ),
    ...notes,
  ].join('\n\n');
};

const cellsOf = (columns: readonly Column[], { without, figures }: Row): readonly string[] =>
  columns.map(({ key }, index) => {
    const figure = figures[key];
    if (figure === undefined) return index === 0 ? (without ?? '–') : '–';
    const { median, min, max, rounds, cut, ratio } = figure;
    const spread = rounds.length > 1 ? ` (${min}–${max})` : '';
    return `**${cut ? '≈' : ''}${median}**${spread}${ratio === undefined ? '' : ` · ${ratio.median}×`}`;
  });
