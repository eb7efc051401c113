import { createHash } from 'node:crypto';

/** What happened in a world, line by line. Two plays of one seed write the same bytes. */
export interface Log {
  readonly write: (at: number, who: string, what: string) => void;
  readonly digest: () => string;
  readonly tail: (lines: number) => readonly string[];
  readonly lines: () => readonly string[];
}

export const newLog = (): Log => {
  const lines: string[] = [];
  return {
    write: (at, who, what) => {
      lines.push(`${at.toFixed(3).padStart(12)}  ${who.padEnd(8)} ${what}`);
    },
    digest: () => {
      const hash = createHash('sha256');
      for (const line of lines) hash.update(line).update('\n');
      return hash.digest('hex');
    },
    tail: (count) => lines.slice(-count),
    lines: () => lines,
  };
};

/** How often each thing happened; what never happens in many worlds is not tested by them. */
export type Counters = Map<string, number>;

export const count = (counters: Counters, what: string): void => {
  counters.set(what, (counters.get(what) ?? 0) + 1);
};

export const addUp = (sum: Counters, counters: Iterable<readonly [string, number]>): void => {
  for (const [what, times] of counters) sum.set(what, (sum.get(what) ?? 0) + times);
};
