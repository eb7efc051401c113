import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly state: string;
  /** Ticks since boot: a pid that was given to another process has another start. */
  readonly start: string;
}

/**
 * All processes this machine lets us see, numbered above `above`, without zombies; undefined where there is no /proc. Synchronous on purpose:
 * the shorter the look takes, the less can fork meanwhile.
 */
export const readProcessTable = (above = 0): readonly ProcessEntry[] | undefined => {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc')
    .filter((name) => Number(name) > above)
    .flatMap((name) => readEntry(Number(name)) ?? [])
    .filter((entry) => entry.state !== 'Z' && entry.state !== 'X');
};

export const readEntry = (pid: number): ProcessEntry | undefined => {
  const stat = readOrGone(`/proc/${pid}/stat`);
  // The command's name stands in parentheses and may itself contain spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  const [state = '', parent, group, session] = fields;
  const start = fields[19] ?? '';
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), state, start };
};

/** Whether the process was started with `assignment` (`NAME=value`) in its environment. */
export const startedWith = (pid: number, assignment: string): boolean =>
  readOrGone(`/proc/${pid}/environ`)?.split('\0').includes(assignment) ?? false;

/** A process that ended since we listed it, or that belongs to somebody else, is none of ours. */
const readOrGone = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
};

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
