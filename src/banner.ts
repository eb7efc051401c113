import { relative } from 'node:path';
import { databaseName } from './config/database-url.ts';
import type { Settings } from './config/settings.ts';
import { SEATS } from './core/people/may.ts';

export interface Greeting {
  readonly version: string;
  readonly settings: Settings;
  /** "SQLite data/textops.db (new)". */
  readonly database: string;
  readonly jobs: readonly string[];
  readonly source: 'file' | 'sample';
  readonly fileName: string;
  readonly url: string;
  readonly terminal: boolean;
}

/** Six lines: what runs, where, as whom, and what to type next. */
export const banner = (greeting: Greeting): string => {
  const { version, settings, database, url } = greeting;
  return [
    `TextOps ${version} · ${settings.profile} profile · Node ${process.versions.node} · ${database}`,
    `✔ jobs    ${jobsWords(greeting)}`,
    `✔ http    ${url}  (${loopback(url) ? 'loopback only' : 'reachable from outside'})`,
    `✔ chat    ${chatWords(greeting)}`,
    `✔ worker  ${workerWords(settings)}`,
    nextWords(greeting),
  ]
    .map((line) => `  ${line}\n`)
    .join('');
};

/** "SQLite data/textops.db", "PostgreSQL db.example.com/textops". */
export const databaseWords = (database: Settings['database'], cwd: string): string => {
  if (database.dialect === 'pg') return `PostgreSQL ${databaseName(database).replace('postgres://', '')}`;
  return `SQLite ${database.file === ':memory:' ? 'in memory' : relative(cwd, database.file)}`;
};

const jobsWords = ({ jobs, source, fileName }: Greeting): string => {
  const names = jobs.length > 6 ? `${jobs.slice(0, 6).join(', ')}, …` : jobs.join(', ');
  return source === 'sample'
    ? `no ${fileName}: ${jobs.length} built-in samples (${names})`
    : `${fileName}: ${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}${names === '' ? '' : ` (${names})`}`;
};

const chatWords = ({ settings, terminal }: Greeting): string => {
  if (settings.telegram !== undefined) return 'Telegram, by long polling';
  if (!terminal)
    return settings.profile === 'dev' ? 'none here: textops chat, or POST /dev/inbound' : 'none configured';
  const seats = Object.entries(SEATS).map(([seat, roles]) => `${seat} (${roles.join(', ') || 'no role'})`);
  return `terminal, you are ana. Seats: ${seats.join('  ')}.  :as bob switches.  :help`;
};

const workerWords = (settings: Settings): string => {
  const { mode, concurrency } = settings.worker;
  const where =
    mode === 'in-process'
      ? `in this process, ${concurrency} slots`
      : 'separate: start it with textops worker';
  return settings.telegram === undefined
    ? `${where}        real bot: TELEGRAM_BOT_TOKEN=… in .env, then start again`
    : where;
};

const nextWords = ({ settings, terminal, source, url }: Greeting): string => {
  const example = source === 'sample' ? 'run hello name=world' : 'jobs';
  if (terminal) return `Type: ${example}`;
  if (settings.telegram !== undefined) return `Text the bot: ${example}`;
  return `Try: curl -s ${url}/health`;
};

const loopback = (url: string): boolean => /\/\/(127\.|localhost|\[::1\])/.test(url);
