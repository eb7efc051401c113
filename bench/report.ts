import { mkdir, writeFile } from 'node:fs/promises';
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

/** Prints the table; a full run also leaves it, with the figures behind it, in bench/results. */
export const publish = async (report: Report): Promise<void> => {
  const text = markdown(report);
  process.stdout.write(text);
  if (quick) return;
  await mkdir(folder, { recursive: true });
  const { name, raw } = report;
  await writeFile(join(folder, `${name}.md`), text);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ ...machine(), raw }, null, 2)}\n`);
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
