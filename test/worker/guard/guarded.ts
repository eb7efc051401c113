import { readdirSync, readFileSync } from 'node:fs';
import { type GuardLevel, means } from '../../../src/worker/process/guard-level.ts';

const active = await means();
const ORDER: readonly GuardLevel[] = ['group', 'guardian', 'namespace'];

/** Every level, and for those that this machine does not give, why not. */
export const levels = ORDER.map((level) => {
  const given = ORDER.indexOf(level) <= ORDER.indexOf(active.level);
  return { level, lacks: given ? undefined : (active.lacks ?? 'unknown') };
});

/** The processes that have this text in their arguments, zombies aside. Their numbers are those of this machine. */
export const processesWith = (text: string): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && said(`/proc/${pid}/cmdline`).includes(text));

const said = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended while we looked.
    return '';
  }
};

let tokens = 0;

/** A number of seconds that nobody else sleeps: all who sleep so long belong to one job. */
export const newSeconds = (): string => {
  tokens += 1;
  return `86400.${process.pid}${String(tokens).padStart(5, '0')}`;
};

/** A job that tries to leave something behind in every way that keeps the environment, and then waits. */
export const CLINGING = `
  sleep "$0" &
  setsid sleep "$0" &
  (setsid sh -c 'trap "" TERM HUP; sleep "$0" & exec sleep "$0"' "$0" >/dev/null 2>&1 &)
  echo "::progress up"
  wait`;
/** How many processes have the seconds in their arguments then: the shell itself and four that sleep. */
export const CLINGING_COUNT = 5;

/** The same with one that also cleans its environment: only a namespace holds it. */
export const HIDING = `(env -i setsid sleep "$0" >/dev/null 2>&1 &) ${CLINGING}`;

export const argumentsOf = (pid: number): readonly string[] => said(`/proc/${pid}/cmdline`).split('\0');
