import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'results');

/** A smoke run: small enough to see that everything works, too small to believe its figures. */
export const quick = process.argv.includes('--quick');

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
  /** Everything measured, for whoever wants to look closer. */
  readonly raw: unknown;
}

/** Prints the table; a full run also leaves it in bench/results, with the figures behind it, and in the README. */
export const publish = async (report: Report): Promise<void> => {
  const text = markdown(report);
  process.stdout.write(text);
  if (quick) return;
  await mkdir(folder, { recursive: true });
  const { name, raw } = report;
  await writeFile(join(folder, `${name}.md`), text);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ ...machine(), raw }, null, 2)}\n`);
  await intoReadme(name, text);
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

const markdown = ({ name, title, head, rows, notes = [] }: Report): string => {
  const { date, node, cores, memoryGb } = machine();
  const table = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return [
    `## ${title}`,
    '',
    `\`npm run bench:${name}\` · ${date} · Node ${node} · ${cores} cores, ${memoryGb} GB`,
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...notes.flatMap((note) => [note, '']),
  ].join('\n');
};

const machine = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
});
