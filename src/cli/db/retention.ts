const DAILY = 7;
const WEEKLY = 4;
const DAY_MS = 86_400_000;

/** A backup by its name, and when it was made. */
export interface Kept {
  readonly name: string;
  readonly at: number;
}

/**
 * Which of them may go: the newest one of each of the last seven days that have one stays, and the newest one of each of the
 * last four weeks that have one. A day without a backup costs none.
 */
export const expendable = (backups: readonly Kept[]): readonly string[] => {
  const newestFirst = backups.toSorted((a, b) => b.at - a.at);
  const stays = new Set([
    ...newestOfEach(newestFirst, DAY_MS).slice(0, DAILY),
    ...newestOfEach(newestFirst, 7 * DAY_MS).slice(0, WEEKLY),
  ]);
  return newestFirst.map(({ name }) => name).filter((name) => !stays.has(name));
};

const newestOfEach = (newestFirst: readonly Kept[], periodMs: number): readonly string[] => {
  const seen = new Map<number, string>();
  for (const { name, at } of newestFirst) {
    const period = Math.floor(at / periodMs);
    if (!seen.has(period)) seen.set(period, name);
  }
  return [...seen.values()];
};
