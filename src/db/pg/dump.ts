import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The tools of PostgreSQL are not there, or would not do it; in one sentence. */
export class DumpRefused extends Error {
  override readonly name = 'DumpRefused';
}

/** The whole database in the format of `pg_restore`, as one moment of it was. */
export const dumpPg = async (url: string, to: string): Promise<void> => {
  await postgresTool('pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--file=${to}`]);
};

/** Into an empty database, in one transaction. */
export const restorePg = async (url: string, from: string): Promise<void> => {
  const whole = ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges'];
  await postgresTool('pg_restore', url, [...whole, from]);
};

/** The tables that a dump has rows for. It is read to its end, and restored nowhere. */
export const tablesIn = async (dump: string): Promise<readonly string[]> => {
  const list = await run('pg_restore', ['--list', dump], process.env);
  return [...list.matchAll(/^\d+; \d+ \d+ TABLE DATA \S+ (\S+)/gm)].flatMap(([, table]) => table ?? []);
};

/** The password goes in the environment, because arguments are seen by everybody on the machine. */
const postgresTool = (tool: Tool, url: string, args: readonly string[]): Promise<string> => {
  const bare = new URL(url);
  const password = decodeURIComponent(bare.password);
  bare.password = '';
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  return run(tool, [`--dbname=${bare.href}`, ...args], env);
};

type Tool = 'pg_dump' | 'pg_restore';

const run = async (tool: Tool, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  try {
    return (await promisify(execFile)(tool, [...args], { env, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    throw new DumpRefused(wordsOf(tool, error), { cause: error });
  }
};

const wordsOf = (tool: Tool, error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'ENOENT') return `${tool} is not on the PATH; install the client tools of PostgreSQL.`;
  const said = String(Reflect.get(error, 'stderr') ?? '').trim();
  const mismatch = /server version: (\S+).*; pg_dump version: (\S+)/.exec(said);
  if (mismatch !== null) {
    const [, server = '', own = ''] = mismatch;
    return `pg_dump ${own} cannot read a server ${server}; install the tools of that version.`;
  }
  return said === '' ? `${tool} failed.` : said.split('\n').slice(0, 2).join(' ');
};
