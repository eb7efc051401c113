// Writes the table of retries in docs/operations.md from the table in the code; with --check it only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RETRIES, type Retry } from '../src/core/time/retries.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'operations.md');
const BEGIN = '<!-- retries: written by tools/retries-doc.ts from src/core/time/retries.ts -->\n';
const END = '<!-- /retries -->';

/** The page as it stands, and as it should be. */
export const retriesDoc = async (): Promise<{ readonly is: string; readonly wanted: string }> => {
  const is = await readFile(FILE, 'utf8');
  const [from, to] = [is.indexOf(BEGIN), is.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/operations.md has no place for the retries');
  return { is, wanted: `${is.slice(0, from + BEGIN.length)}${table()}${is.slice(to)}` };
};

const table = (): string =>
  [
    '| what is tried again | after | one try | pause | at most | in the end | in the code |',
    '|---|---|---|---|---|---|---|',
    ...Object.values<Retry>(RETRIES).map((row) => `| ${cells(row).join(' | ')} |`),
    '',
  ].join('\n');

const cells = (row: Retry): readonly string[] => [
  row.what,
  row.after,
  [
    ...(row.tryMsMax === undefined ? [] : [words(row.tryMsMax)]),
    ...(row.connectMsMax === undefined ? [] : [`connecting ${words(row.connectMsMax)}`]),
  ].join(', '),
  pause(row),
  end(row),
  row.inTheEnd,
  `[${basename(row.by)}](../${row.by})`,
];

const pause = ({ pauseMsMin, pauseMsMax, jitter }: Retry): string => {
  if (pauseMsMax === 0) return 'none';
  if (pauseMsMin === pauseMsMax) return words(pauseMsMin);
  return `${words(pauseMsMin)} to ${words(pauseMsMax)}${jitter === 'half' ? ', up to half off' : ''}`;
};

const end = ({ triesMax, budgetMs }: Retry): string => {
  if (triesMax === undefined && budgetMs === undefined) return 'for ever';
  const tries = triesMax === undefined ? [] : [triesMax === 1 ? '1 try' : `${triesMax} tries`];
  return [...tries, ...(budgetMs === undefined ? [] : [words(budgetMs)])].join(', ');
};

const words = (ms: number): string => {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
};

const main = async (check: boolean): Promise<void> => {
  const { is, wanted } = await retriesDoc();
  if (!check) return writeFile(FILE, wanted);
  if (is === wanted) return;
  process.stderr.write('the retries in docs/operations.md are old: run node tools/retries-doc.ts\n');
  process.exitCode = 1;
};

if (process.argv[1] === import.meta.filename) await main(process.argv.includes('--check'));
