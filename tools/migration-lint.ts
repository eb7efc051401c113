// Holds the migrations to one kind of change a file, and keeps out what no migration may do: `npm run check:migrations`.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Kind = 'schema' | 'data' | 'settings';

export interface Offence {
  readonly file: string;
  readonly words: string;
}

/** What an installation switches, or what its server is told; everything else that is written is data. */
const SETTINGS =
  /^(?:insert\s+into|update|delete\s+from)\s+["`]?gates\b|^(?:set|alter\s+(?:system|database|role))\b/i;
const DATA = /^(?:with\b[\s\S]*\b)?(?:insert|update|delete|merge|truncate|copy)\b/i;

/** Applied before the rule, and an applied file never changes. */
const BEFORE: Readonly<Record<string, string>> = {
  '0001_guards_and_views': 'the chain of the installation came with its first row',
  '0003_substrate': 'the gates came with what an installation needs to work',
  '0004_run_terms': 'the outbox of this program was given another type for a column, on PostgreSQL',
  '0011_people_in_chat': 'a column was filled that came with it',
};

/** Out of scope always, whoever asks for it. */
const NEVER: readonly (readonly [words: string, found: RegExp])[] = [
  ['a job of the database’s own clock', /\bpg_cron\b|\bcron\.(?:schedule|alter_job)\b|\bcreate\s+event\b/i],
  ['another major version of the database', /\bpg_upgrade\b|\bserver_version\b|\balter\s+extension\b/i],
  ['a change of the constitution', /\bconstitution\b/i],
  [
    'a change of the outbox or of staging tables that are there',
    /\b(?:alter|drop)\s+table\s+(?:if\s+exists\s+)?["`]?(?:\w+["`]?\.["`]?)?(?:event_)?(?:outbox|staging\w*)\b/i,
  ],
  [
    'a vector store',
    /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?["`]?vector\b|\bvector\s*\(\s*\d+\s*\)|\bpgvector\b/i,
  ],
];

export const kindOf = (statement: string): Kind => {
  if (SETTINGS.test(statement)) return 'settings';
  return DATA.test(statement) ? 'data' : 'schema';
};

/** What is wrong with one file; `name` is without its ending. */
export const lintMigration = (name: string, text: string): readonly string[] => {
  if (Object.hasOwn(BEFORE, name)) return [];
  const statements = statementsOf(text);
  const kinds = [...new Set(statements.map(kindOf))].toSorted();
  const mixed = kinds.length > 1 ? [`changes ${kinds.join(' and ')} in one file; make a file of each`] : [];
  const forbidden = NEVER.filter(([, found]) => statements.some((statement) => found.test(statement)));
  return [...mixed, ...forbidden.map(([words]) => `${words} is out of scope always`)];
};

/** Without comments, in which anything may be talked about. A part may hold several, one behind the other. */
const statementsOf = (text: string): readonly string[] =>
  text
    .split('--> statement-breakpoint')
    .map((part) => part.replaceAll(/--[^\n]*/g, '').replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    .flatMap((part) => part.split(/;\s*(?=(?:create|alter|drop|insert|update|delete|with|set|truncate)\b)/i))
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '');

export const lintFolder = async (
  folder: string,
): Promise<{ files: number; offences: readonly Offence[] }> => {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const offences: Offence[] = [];
  for (const name of names) {
    const file = join(folder, name).replaceAll('\\', '/');
    const base = name.slice(0, -'.sql'.length).split(/[\\/]/).at(-1) ?? name;
    for (const words of lintMigration(base, await readFile(file, 'utf8'))) offences.push({ file, words });
  }
  return { files: names.length, offences };
};

const main = async (folder: string): Promise<void> => {
  const { files, offences } = await lintFolder(folder);
  for (const { file, words } of offences) process.stdout.write(`${file}: ${words}\n`);
  process.stdout.write(`${offences.length} found in ${files} migrations\n`);
  // A look at nothing finds nothing either.
  if (offences.length > 0 || files === 0) process.exitCode = 1;
};

if (import.meta.main) await main(process.argv[2] ?? 'drizzle');
