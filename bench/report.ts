import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'results');

/** A smoke run: small enough to see that everything works, too small to believe its figures. */
export const quick = process.argv.includes('--quick');

export interface Report {
  readonly name: string;
  readonly title: string;
  /** What makes the figures anew, where it is not `npm run bench:NAME`. */
  readonly command?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
  /** Everything measured, for whoever wants to look closer. */
  readonly raw: unknown;
}

/** Prints the table and keeps nothing: what was left out would be missing from it. */
export const show = (report: Report): void => void process.stdout.write(markdown(report));

/** Prints the table; a full run also leaves it in bench/results, with the figures behind it, and in the README. */
export const publish = async (report: Report): Promise<void> => {
  const text = markdown(report);
  process.stdout.write(text);
  if (!quick) await keep(report.name, text, { ...machine(), raw: report.raw });
};

/** The text goes into bench/results and into the README, what it was made from beside it. */
export const keep = async (name: string, text: string, from: unknown): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.md`), text);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(from, null, 2)}\n`);
  await intoReadme(name, text);
};

/** What was kept under that name before; undefined when nothing was. */
export const kept = async (name: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Between `<!-- name -->` and the next `<!-- /name -->`, so that the README cannot tell of other figures. */
const intoReadme = async (name: string, text: string): Promise<void> => {
  const path = join(import.meta.dirname, 'README.md');
  const readme = await readFile(path, 'utf8');
  const begin = `<!-- ${name} -->\n`;
  const from = readme.indexOf(begin);
  const to = readme.indexOf(`<!-- /${name} -->`);
  if (from < 0 || to < from) throw new Error(`the README has no place for ${name}`);
  await writeFile(path, `${readme.slice(0, from + begin.length)}${text}${readme.slice(to)}`);
};

const markdown = ({ name, title, command, head, rows, notes = [] }: Report): string => {
  const paragraphs = [
    `\`${command ?? `npm run bench:${name}`}\` · ${machineWords(machine())}`,
    table(head, rows),
    ...notes,
  ];
  return `${[`## ${title}`, ...paragraphs].join('\n\n')}\n`;
};

export const table = (head: readonly string[], rows: Report['rows']): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

export type Machine = ReturnType<typeof machine>;

export const machineWords = ({ date, node, cores, memoryGb }: Machine): string =>
  `${date} · Node ${node} · ${cores} cores, ${memoryGb} GB`;

export const machine = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
});
