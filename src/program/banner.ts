import { isAbsolute, relative } from 'node:path';
import { databaseName } from '../config/database-url.ts';
import type { Settings } from '../config/settings.ts';

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
  /** Somebody sits at the keyboard; without `terminal` the output goes elsewhere. */
  readonly keyboard?: boolean;
}

/** Six lines: what runs, where, as whom, and what to type next. */
export const banner = (greeting: Greeting): string => {
  const { version, settings, database, url } = greeting;
  return [
    `TextOps ${version} · ${settings.profile} profile · Node ${process.versions.node} · ${database}`,
    `✔ jobs    ${jobsWords(greeting)}`,
    `✔ http    ${url}  (${loopback(url) ? 'loopback only' : 'reachable from outside'}; ${consoleWords(settings)})`,
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
  return `SQLite ${database.file === ':memory:' ? 'in memory' : fileWords(cwd, database.file)}`;
};

/** A file outside the folder is named in full: a way through `..` tells nobody where it ends. */
const fileWords = (cwd: string, file: string): string => {
  const inside = relative(cwd, file);
  return /^\.\.(?:[/\\]|$)/.test(inside) || isAbsolute(inside) ? file : inside;
};

const jobsWords = ({ jobs, source, fileName }: Greeting): string => {
  const names = jobs.length > 6 ? `${jobs.slice(0, 6).join(', ')}, …` : jobs.join(', ');
  return source === 'sample'
    ? `no ${fileName}: ${jobs.length} built-in samples (${names})`
    : `${fileName}: ${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}${names === '' ? '' : ` (${names})`}`;
};

/** People open it where they reach it, which need not be where it listens. */
const consoleWords = ({ publicUrl }: Settings): string =>
  publicUrl === undefined ? 'open it for the console' : `console at ${publicUrl}`;

const chatWords = ({ settings, terminal, keyboard }: Greeting): string => {
  const { telegram, slack, twilio } = settings;
  const channels = [
    ...(telegram === undefined ? [] : ['Telegram, by long polling']),
    ...(slack === undefined
      ? []
      : [`Slack, ${slack.appToken === undefined ? 'by its calls' : 'over a socket'}`]),
    ...(twilio === undefined ? [] : ['text messages, by Twilio']),
  ];
  if (channels.length > 0) return channels.join(' · ');
  if (terminal) return 'terminal, you are ana; :seats shows the others, :help the keys';
  if (settings.profile !== 'dev') return 'none configured';
  if (keyboard === true) return 'none here: the output is not a terminal';
  return 'none here: npx textops chat, or POST /dev/inbound';
};

const workerWords = (settings: Settings): string => {
  const { mode, concurrency } = settings.worker;
  const where =
    mode === 'in-process'
      ? `in this process, ${concurrency} slots`
      : 'separate: start it with npx textops worker';
  return settings.telegram === undefined ? `${where}; a real bot: npx textops link telegram` : where;
};

const nextWords = ({ settings, terminal, source, url }: Greeting): string => {
  const example = source === 'sample' ? 'run hello name=world' : 'jobs';
  if (terminal) return `Type: ${example}`;
  if (settings.telegram !== undefined) return `Text the bot: ${example}`;
  return `Try: curl -s ${url}/health`;
};

const loopback = (url: string): boolean => /\/\/(127\.|localhost|\[::1\])/.test(url);
